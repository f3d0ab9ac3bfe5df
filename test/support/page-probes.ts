// Expressions that look at a page from inside and answer with what is wrong. They are text, because they run in the browser.

/** Text that is hard to read: less contrast than WCAG AA asks for, 4.5 to 1, or 3 to 1 where it is large. */
export const paleText = `(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  // A canvas knows every spelling of a colour.
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return { rgb: [red, green, blue], alpha: alpha / 255 };
  };
  const over = (front, back) => front.rgb.map((part, index) => part * front.alpha + back[index] * (1 - front.alpha));
  const light = (rgb) => {
    const [red, green, blue] = rgb.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const canvasColour = rgba('Canvas').rgb;
  const ground = (element) => {
    if (element === null) return canvasColour;
    const style = getComputedStyle(element);
    const shape = element.ownerSVGElement && element.tagName !== 'rect' ? element.parentElement.querySelector(':scope > rect') : null;
    if (shape !== null && shape !== undefined) return rgba(getComputedStyle(shape).fill).rgb;
    const own = rgba(style.backgroundColor);
    return own.alpha === 1 ? own.rgb : over(own, ground(element.parentElement));
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.data.trim() === '' || !element.checkVisibility({ visibilityProperty: true }) || element.closest('script, style, title, desc')) continue;
    const style = getComputedStyle(element);
    const back = ground(element);
    const front = over(rgba(element.ownerSVGElement ? style.fill : style.color), back);
    const [bright, dark] = [light(front), light(back)].sort((one, other) => other - one);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = (bright + 0.05) / (dark + 0.05);
    if (ratio < (isLarge ? 3 : 4.5)) found.push(node.data.trim().slice(0, 40) + ': ' + ratio.toFixed(2));
  }
  return found;
})()`;

/** Words that stand on two lines, outside of code. One that fits into no line of a telephone has to break. */
export const brokenWords = `(() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!element.checkVisibility() || element.closest('script, style, svg, code, pre')) continue;
    for (const { 0: word, index } of node.data.matchAll(/[\\p{Script=Latin}\\p{N}]+/gu)) {
      if (word.length > 40) continue;
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
      if (lines.size > 1) found.push(word);
    }
  }
  return found;
})()`;

/** What sticks out of the window to the right, unless it scrolls in a box of its own. */
export const sticksOut = `(() => {
  const width = document.documentElement.clientWidth;
  const out = [...document.body.querySelectorAll('*')].filter((element) =>
    element.checkVisibility() && !element.closest('.skip, svg') && !element.parentElement.closest('.scroll') && element.getBoundingClientRect().right > width + 0.5);
  const page = document.documentElement.scrollWidth > width ? ['the page'] : [];
  return [...page, ...out.map((element) => element.tagName + '.' + element.className + ' ' + element.textContent.slice(0, 40))];
})()`;

/** Texts of a picture that are wider than the box they stand in. */
export const overfullBoxes = `[...document.querySelectorAll('svg .node')].flatMap((node) => {
  const box = node.querySelector('rect').getBoundingClientRect();
  return [...node.querySelectorAll('text')].filter((text) => text.getBoundingClientRect().right > box.right).map((text) => text.textContent);
})`;
