/** Names the sheet in the policy of the page. A test says what it must be where the sheet changes. */
export const sheetHash = 'sha256-By3m1VHngXWWo3wS5Tfk1CQ58ay4jibh9cuo9bfWY2I=';

/** The looks of the page, in light, dark and on paper. Words break nowhere but in code; on a narrow screen tables are stacked. */
export const sheet = `
:root { color-scheme: light dark; --page: #f4f6f8; --card: #fff; --ink: #1c2128; --dim: #57606a; --line: #d3d9e0; --link: #0a58b0;
  --good: #11602a; --good-back: #e2f5e7; --warn: #744700; --warn-back: #fbf0d9; --bad: #a30f27; --bad-back: #fdeaec;
  --info: #0b4f9c; --info-back: #e5f0fc; --stop: #5b35a8; --stop-back: #efe9fb; --plain-back: #e9edf1; }
@media (prefers-color-scheme: dark) {
  :root { --page: #0f1318; --card: #171c23; --ink: #e4e9ef; --dim: #9da8b5; --line: #303842; --link: #7fb7ff;
    --good: #78d895; --good-back: #14301e; --warn: #e8bd5a; --warn-back: #33270d; --bad: #ff9b96; --bad-back: #3c181b;
    --info: #8cc2ff; --info-back: #122b48; --stop: #cdb2ff; --stop-back: #2b1f47; --plain-back: #232a33; }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.55 system-ui, sans-serif; overflow-wrap: break-word; }
a { color: var(--link); text-underline-offset: 0.15em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: 1rem; top: -4rem; background: var(--card); padding: 0.4rem 0.8rem; z-index: 1; }
.skip:focus { top: 0.5rem; }
code, pre { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre { margin: 0.3rem 0 0; padding: 0.5rem 0.7rem; white-space: pre-wrap; background: var(--page); border-radius: 6px; }
ins, del { text-decoration: none; } ins { color: var(--good); background: var(--good-back); } del { color: var(--bad); background: var(--bad-back); }
.page { max-width: 84rem; margin: 0 auto; padding: 1.6rem 1.5rem 0.4rem; }
.columns { max-width: 84rem; margin: 0 auto; padding: 0.8rem 1.5rem; display: grid; grid-template-columns: 17rem minmax(0, 1fr); gap: 1.8rem; align-items: start; }
.side { position: sticky; top: 1rem; max-height: calc(100vh - 2rem); display: flex; flex-direction: column; gap: 0.8rem; font-size: 14px; }
h1, h2, h3, h4 { line-height: 1.3; margin: 0; font-weight: 650; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.25rem; } h3 { font-size: 1.05rem; } h4 { font-size: 1rem; }
p, ul { margin: 0.35rem 0; }
section.target + section.target { margin-top: 2.5rem; padding-top: 1.5rem; border-top: 1px solid var(--line); }
section.target > section { margin-top: 1.7rem; } section.target > section:first-child { margin-top: 0; }
.dim { color: var(--dim); font-weight: 400; }
.good, .create { --tone: var(--good); --tone-back: var(--good-back); }
.warn, .update { --tone: var(--warn); --tone-back: var(--warn-back); }
.bad, .delete, .replace { --tone: var(--bad); --tone-back: var(--bad-back); }
.adopt { --tone: var(--info); --tone-back: var(--info-back); }
.stop, .blocked { --tone: var(--stop); --tone-back: var(--stop-back); }
.good, .warn, .bad, .stop { color: var(--tone); } .bad, .stop { font-weight: 600; }
.counts { display: flex; flex-wrap: wrap; gap: 0.4rem; list-style: none; padding: 0; margin: 0.7rem 0; }
.counts li, .badge { color: var(--tone, var(--dim)); background: var(--tone-back, var(--plain-back)); border-radius: 999px; padding: 0.12rem 0.7rem; font-weight: 600; white-space: nowrap; }
.badge { display: inline-block; font-size: 13px; }
.sign { display: inline-block; width: 1em; text-align: center; font-weight: 700; color: var(--tone); }
.callout { color: var(--tone); background: var(--tone-back); border-left: 4px solid var(--tone); border-radius: 6px; padding: 0.5rem 0.8rem; margin: 0.5rem 0; }
article { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--tone, var(--line)); border-radius: 8px; padding: 0.7rem 1rem; margin: 0.7rem 0; }
.many article { content-visibility: auto; contain-intrinsic-size: auto 9rem; }
article:target { outline: 2px solid var(--link); outline-offset: 1px; }
article > p, article > details { margin: 0.4rem 0 0; }
article h2, article h3, article h4 { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.2rem 0.5rem; } article header code, .label { min-width: 0; } article h2 .label, article h3 .label, article h4 .label { font-weight: 500; }
article header code { font-size: 0.9em; } .badge.bad, .badge.warn { margin-left: auto; }
summary { cursor: pointer; } details > summary:hover { color: var(--link); }
table { border-collapse: collapse; width: 100%; }
th, td { border-top: 1px solid var(--line); padding: 0.35rem 0.7rem 0.35rem 0; text-align: left; vertical-align: top; font-weight: 400; }
thead th { border: 0; color: var(--dim); font-size: 13px; padding-bottom: 0.1rem; }
.fields { table-layout: fixed; margin-top: 0.5rem; } .fields .bad { font-weight: 600; } .fields th:first-child { width: 26%; } .fields th:nth-child(4) { width: 21%; }
.fields.new th:first-child { width: 34%; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--card); margin: 0.8rem 0; }
.targets th, .targets td { padding: 0.35rem 0.8rem; white-space: nowrap; } .targets thead th { padding-top: 0.5rem; }
.targets td:last-child { white-space: normal; min-width: 18rem; } .targets .number { text-align: right; font-variant-numeric: tabular-nums; font-weight: 600; color: var(--tone); } .targets .number.dim { color: var(--dim); font-weight: 400; }
#filters, nav { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 0.7rem 0.9rem; }
#filters p { margin: 0.4rem 0 0; } #filters p:first-child { margin: 0; }
#filters input[type=search] { display: block; width: 100%; font: inherit; color: inherit; background: var(--page); border: 1px solid var(--dim); border-radius: 6px; padding: 0.3rem 0.5rem; margin-top: 0.2rem; }
fieldset { border: 0; padding: 0; margin: 0.6rem 0 0; min-width: 0; } legend { padding: 0; color: var(--dim); font-size: 13px; }
fieldset label { display: flex; gap: 0.5rem; align-items: baseline; padding: 0.08rem 0; cursor: pointer; } fieldset .dim { margin-left: auto; }
button { font: inherit; color: var(--link); background: var(--card); border: 1px solid var(--dim); border-radius: 6px; padding: 0.15rem 0.7rem; cursor: pointer; }
button:hover { border-color: var(--link); } button:disabled { color: var(--dim); border-color: var(--line); cursor: default; }
.shown { display: flex; justify-content: space-between; align-items: baseline; gap: 0.5rem; }
nav { min-height: 8rem; overflow-y: auto; } nav ul { list-style: none; padding: 0; margin: 0.2rem 0; } nav ul ul { padding-left: 0.2rem; margin: 0 0 0.5rem; }
nav a { text-decoration: none; } nav a:hover { text-decoration: underline; } nav ul ul a { color: var(--ink); overflow-wrap: anywhere; }
.graph { padding: 0.8rem; } .graph svg { display: block; } .graph text { fill: var(--ink); font-size: 13px; font-weight: 600; } .graph .more { fill: var(--dim); font-size: 11px; font-weight: 400; }
.graph .column { fill: var(--dim); } .graph .sign { fill: var(--tone); font-size: 15px; text-anchor: middle; }
.node rect { fill: var(--card); stroke: var(--tone, var(--dim)); stroke-width: 1.5; } .node.create rect, .node.replace rect { stroke-width: 3; } .node.delete rect { stroke-dasharray: 6 4; } .node.blocked rect { stroke-dasharray: 2 4; }
.edge { fill: none; stroke: var(--tone, var(--dim)); stroke-width: 1.5; opacity: 0.7; } .edge.delete { stroke-dasharray: 6 4; } .edge.blocked { stroke-dasharray: 2 4; }
.graph a:hover rect, .graph a:focus-visible rect { stroke: var(--link); stroke-width: 3; }
footer.page { color: var(--dim); font-size: 13px; padding-bottom: 2rem; margin-top: 1rem; }
@media (max-width: 56rem) {
  .page { padding: 1rem 1rem 0.2rem; } .columns { grid-template-columns: minmax(0, 1fr); padding: 0.5rem 1rem; gap: 1rem; }
  .side { position: static; max-height: none; } nav { min-height: 0; }
  fieldset { display: flex; flex-wrap: wrap; gap: 0.1rem 1.1rem; } legend { float: left; width: 100%; } fieldset .dim { margin-left: 0; }
}
@media (max-width: 40rem) {
  article { padding: 0.6rem 0.8rem; }
  .fields thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; white-space: nowrap; }
  .fields, .fields tbody, .fields tr, .fields th, .fields td { display: block; width: auto !important; }
  .fields tr { border-top: 1px solid var(--line); padding: 0.3rem 0; } .fields th, .fields td { border: 0; padding: 0.05rem 0; }
  .fields td[data-is]:not(:empty)::before { content: attr(data-is) " "; color: var(--dim); font-size: 13px; }
}
@media print {
  :root { --page: #fff; } .side, .skip, button { display: none; } .columns { display: block; }
  article { break-inside: avoid; } .many article { content-visibility: visible; } details::details-content { content-visibility: visible; height: auto; }
}
`;
