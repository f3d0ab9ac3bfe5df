/** Names the script in the policy of the page. A test says what it must be where the script changes. */
export const scriptHash = 'sha256-bj7DEl5D/pV55vMhCtopOK5x+OqBYgrN3scCBcI6BrI=';

/** Brings the filters to life. The page says everything without it; it only hides, unfolds and counts. */
export const script = `
'use strict';
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);
  const folds = all('main details');
  const contents = one('#contents > details');
  if (contents !== null && matchMedia('(max-width: 56rem)').matches) contents.open = false;

  const open = (element) => {
    for (let fold = element?.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
  };
  const aim = () => document.getElementById(decodeURIComponent(location.hash.slice(1)));
  open(aim());

  // Paper cannot be unfolded.
  let folded = [];
  addEventListener('beforeprint', () => {
    folded = folds.filter((fold) => !fold.open);
    for (const fold of folded) fold.open = true;
  });
  addEventListener('afterprint', () => {
    for (const fold of folded) fold.open = false;
  });

  const panel = one('#filters');
  if (panel === null) return;
  const links = new Map(all('#contents a').map((link) => [link.hash.slice(1), link]));
  const entries = all('article[data-action]').map((article) => ({
    article,
    words: article.querySelector('header').textContent.toLowerCase(),
    link: links.get(article.id),
  }));
  const groups = all('[data-group]');
  const boxes = all('input[type=checkbox]', panel);
  const find = one('#find');
  const count = one('#filters output');
  const reset = one('#reset');
  const unfold = one('#unfold');

  const chosen = (name) => boxes.filter((box) => box.name === name && box.checked).map((box) => box.value);
  const fits = ({ article, words }, actions, impacts, wanted) =>
    (actions.length === 0 || actions.includes(article.dataset.action) || (actions.includes('blocked') && article.dataset.blocked !== undefined)) &&
    (impacts.length === 0 || impacts.includes(article.dataset.impact)) &&
    wanted.every((word) => words.includes(word));

  const show = () => {
    const [actions, impacts] = [chosen('action'), chosen('impact')];
    const wanted = find.value.toLowerCase().split(/\\s+/).filter((word) => word !== '');
    let shown = 0;
    for (const entry of entries) {
      const isShown = fits(entry, actions, impacts, wanted);
      entry.article.hidden = !isShown;
      if (entry.link) entry.link.parentElement.hidden = !isShown;
      if (isShown) shown += 1;
    }
    for (const group of groups) group.hidden = !group.querySelector('article:not([hidden]), li:not([hidden])');
    count.textContent = shown + ' of ' + entries.length + ' shown';
    reset.disabled = actions.length + impacts.length + wanted.length === 0;
  };
  const showAll = () => {
    for (const box of boxes) box.checked = false;
    find.value = '';
    show();
  };

  panel.addEventListener('input', show);
  reset.addEventListener('click', () => {
    showAll();
    find.focus();
  });
  unfold.addEventListener('click', () => {
    const isOpen = unfold.getAttribute('aria-pressed') !== 'true';
    for (const fold of folds) fold.open = isOpen;
    unfold.setAttribute('aria-pressed', String(isOpen));
  });
  // Whoever follows a link to what is hidden or folded wants to see it.
  addEventListener('hashchange', () => {
    const target = aim();
    if (target?.closest('[hidden]')) showAll();
    open(target);
    target?.scrollIntoView();
  });
  panel.hidden = false;
  show();
})();
`;
