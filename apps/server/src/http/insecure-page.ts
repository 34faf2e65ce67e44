import { createHash } from 'node:crypto';
import type { LanguageTag } from '@farandole/kernel/language';
import { languageOf } from './accept-language.ts';
import { langAttributes, serverWords } from './locale-words.ts';

const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; font: 1.125rem/1.6 system-ui, sans-serif; color: light-dark(#1d1a2b, #f3efe6); background: light-dark(#fbf8f3, #14121f); }
main { max-inline-size: 38rem; margin: 12vh auto; padding: 0 1.5rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 1.5rem; }
p { margin: 0 0 1rem; }
`;

/**
 * Content security policy of the insecure page. It allows the inline style sheet by its digest and
 * nothing else, so the page loads and runs nothing.
 */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Draws the page that answers every plain-HTTP request from another machine. The response's status
 * tells the client to upgrade (RFC 9110, section 15.5.22), and browsers show its body.
 */
export function insecurePage(acceptLanguage: string | null): Response {
  return new Response(render(languageOf(acceptLanguage)), {
    status: 426,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': POLICY,
      'Cache-Control': 'no-store',
      Upgrade: 'TLS/1.2, HTTP/1.1',
      // Without `close` in this header the socket would stay open after the client's last request.
      Connection: 'Upgrade, close',
      Vary: 'Accept-Language',
    },
  });
}

function render(language: LanguageTag): string {
  const { title, why, visitor, operator, how } = serverWords(language).insecure;
  return `<!doctype html>
<html ${langAttributes(language)}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${why}</p>
<p>${visitor}</p>
<p>${operator}</p>
<p>${how}</p>
</main>
</body>
</html>
`;
}
