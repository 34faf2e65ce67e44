/**
 * Style sheet of the appeal page. Its colours are those of `packages/ui/src/styles/tokens.css`, and
 * a test compares them. The style sheet loads no file, so that it works in any browser.
 */
export const APPEAL_STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fbf8f3, #14121f);
  --surface: light-dark(#fff, #1d1a2b);
  --sunken: light-dark(#f1ece3, #0e0c17);
  --line: light-dark(#ddd5c8, #343048);
  --line-strong: light-dark(#857b6b, #7d7798);
  --ink: light-dark(#1e1b2e, #f3f0fa);
  --ink-soft: light-dark(#57516a, #b4aec9);
  --accent: light-dark(#4b3fb5, #a89eff);
  --on-accent: light-dark(#fff, #17123f);
  --accent-soft: light-dark(#e8e5fa, #2b2550);
  --on-accent-soft: light-dark(#372d91, #cfc9ff);
  --danger-soft: light-dark(#fbe6e3, #45191a);
  --on-danger-soft: light-dark(#8c1d17, #ffc2bc);
  --ok-soft: light-dark(#ddf1e7, #12382a);
  --on-ok-soft: light-dark(#0f5139, #a6eacb);
  --focus: light-dark(#4b3fb5, #f5b45c);
}
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
.top, main, footer { max-inline-size: 42rem; margin-inline: auto; padding: 1rem 1.25rem; }
.top { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: .75rem; }
.top a { font-weight: 650; font-size: 1.375rem; letter-spacing: -.02em; text-transform: lowercase; color: var(--ink); text-decoration: none; min-block-size: 2.75rem; display: inline-flex; align-items: center; }
h1 { font-size: clamp(1.75rem, 1.2rem + 2.4vw, 2.5rem); line-height: 1.1; letter-spacing: -.02em; margin: 1rem 0 1.25rem; text-wrap: balance; }
h2 { font-size: 1.375rem; line-height: 1.2; margin: 0 0 1rem; }
h3 { font-size: 1.1875rem; margin: 1.5rem 0 .5rem; }
p { margin: 0 0 1rem; text-wrap: pretty; }
a { color: var(--accent); }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 1.375rem; padding: 1.5rem; margin-block-end: 1.5rem; }
.note { border-radius: .875rem; padding: .75rem 1rem; background: var(--accent-soft); color: var(--on-accent-soft); }
.note.bad { background: var(--danger-soft); color: var(--on-danger-soft); }
.note.good { background: var(--ok-soft); color: var(--on-ok-soft); }
.soft, .hint { color: var(--ink-soft); }
.hint { font-size: .875rem; }
dl { display: grid; grid-template-columns: minmax(7rem, auto) minmax(0, 1fr); gap: .5rem 1.25rem; margin: 0 0 1rem; }
dt { color: var(--ink-soft); }
dd { margin: 0; }
h1:dir(rtl) { letter-spacing: 0; line-height: 1.3; }
code { direction: ltr; unicode-bidi: isolate; font: inherit; font-variant-numeric: tabular-nums; user-select: all; }
label { display: block; font-weight: 600; margin-block-end: .25rem; }
input, textarea { inline-size: 100%; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line-strong); border-radius: .875rem; padding: .75rem 1rem; margin-block-end: .75rem; }
textarea { display: block; resize: vertical; }
button { font: inherit; font-weight: 600; min-block-size: 3rem; padding: .5rem 1.5rem; border-radius: 999px; border: 1px solid var(--accent); background: var(--accent); color: var(--on-accent); cursor: pointer; }
button.quiet { min-block-size: 2.75rem; padding-inline: 1rem; border-color: var(--line-strong); background: transparent; color: var(--ink); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 3px; }
.go { display: flex; flex-wrap: wrap; gap: .75rem; }
@media (max-width: 30rem) { .card { padding: 1.25rem 1rem; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-block-end: .75rem; } }
@media (forced-colors: active) { .card, .note, button { border: 1px solid; } }
`;
