import { createHash } from 'node:crypto';
import { FALLBACK_LANGUAGE } from '@farandole/kernel/language';
import { LANGUAGES_OF_DOCUMENT } from '@farandole/ui/scripts/document-words';
import { REMINDERS } from '../src/offline/reminders-cache.ts';
import type { OfflinePages } from '../src/offline/serve-offline.ts';

/** The page's own colours and shapes, because no style sheet can be loaded offline. */
const STYLE = `
:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { margin: 0; min-block-size: 100dvh; display: grid; place-items: center; padding: 24px max(24px, env(safe-area-inset-right)) 24px max(24px, env(safe-area-inset-left)); font: 1rem/1.5 system-ui, sans-serif; color: light-dark(#1e1b2e, #f3f0fa); background: light-dark(#fbf8f3, #14121f); }
main { display: grid; justify-items: center; gap: 1rem; inline-size: 100%; max-inline-size: 26rem; text-align: center; overflow-wrap: anywhere; }
svg { inline-size: min(7.5rem, 40vw); margin-block-end: .5rem; }
.you { stroke: light-dark(#4b3fb5, #a89eff); }
.them { stroke: light-dark(#f2a33a, #f5b45c); }
h1 { margin: 0; font-size: min(1.75rem, 10vw); line-height: 1.15; letter-spacing: -.02em; text-wrap: balance; }
p { margin: 0; color: light-dark(#57516a, #b4aec9); text-wrap: pretty; }
a { display: inline-flex; align-items: center; justify-content: center; min-block-size: 3.5rem; min-inline-size: min(12rem, 100%); margin-block-start: 1rem; padding: .5rem 24px; border: 1px solid transparent; border-radius: 999px; background: light-dark(#f2a33a, #f5b45c); color: #2a1b00; font-size: min(1.1875rem, 8vw); font-weight: 600; text-decoration: none; }
a:active { background: #d98a22; }
a:focus-visible { outline: 3px solid light-dark(#4b3fb5, #f5b45c); outline-offset: 3px; }
`;

/** The page loads nothing and runs nothing. Its style sheet is allowed by its digest. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** Draws the offline page in every language, and adds the texts of notifications. */
export function offlinePages(): OfflinePages {
  const drawn = LANGUAGES_OF_DOCUMENT.map(({ tag, words: { offline }, mark }) => {
    const language = mark === '' ? ` lang="${FALLBACK_LANGUAGE}"` : mark;
    const html = `<!doctype html>
<html${language}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, viewport-fit=cover">
<meta name="text-scale" content="scale">
<meta name="theme-color" media="(prefers-color-scheme: light)" content="#fbf8f3">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#14121f">
<title>Farandole</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<svg viewBox="0 0 260 126" aria-hidden="true" fill="none" stroke-width="20" stroke-linecap="round"><path class="you" d="M13 112a51 51 0 0 1 102 0"/><path class="them" d="M145 112a51 51 0 0 1 102 0"/></svg>
<h1>${offline.title}</h1>
<p>${offline.text}</p>
<a href="">${offline.again}</a>
</main>
</body>
</html>
`;
    return [tag, html] as const;
  });
  const textsOf = (key: 'notification' | 'hourBegun') =>
    Object.fromEntries(LANGUAGES_OF_DOCUMENT.map(({ tag, words }) => [tag, words[key]]));
  return {
    html: Object.fromEntries(drawn),
    notification: textsOf('notification'),
    hourBegun: textsOf('hourBegun'),
    reminders: REMINDERS,
    fallback: FALLBACK_LANGUAGE,
    policy: POLICY,
  };
}
