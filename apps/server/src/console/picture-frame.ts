import { createHash } from 'node:crypto';

/**
 * Decodes reported pictures in a separate document. The console embeds this document with
 * `sandbox="allow-scripts"`, so the document has no origin, no cookie and no network access. The
 * parent page posts the bytes of a picture. The document draws them and replies on the given port.
 * Any other message clears the picture.
 */
const SCRIPT = `
'use strict';
const canvas = document.querySelector('canvas');
let told = 0;
addEventListener('message', async ({ source, data, ports: [port] }) => {
  if (source !== parent) return;
  told += 1;
  const mine = told;
  canvas.width = 0;
  if (!(data instanceof ArrayBuffer)) return;
  try {
    const picture = await createImageBitmap(new Blob([data], { type: 'image/jpeg' }));
    if (mine === told) {
      canvas.width = picture.width;
      canvas.height = picture.height;
      canvas.getContext('2d').drawImage(picture, 0, 0);
    }
    picture.close();
    port.postMessage(mine === told);
  } catch {
    port.postMessage(false);
  }
});
`;

const STYLE = `
html, body { margin: 0; block-size: 100%; background: #000; }
canvas { display: block; inline-size: 100%; block-size: 100%; object-fit: contain; }
`;

const PAGE = `<!doctype html>
<html lang="zxx">
<head>
<meta charset="utf-8">
<title>picture</title>
<style>${STYLE}</style>
</head>
<body>
<canvas width="0" height="0"></canvas>
<script>${SCRIPT}</script>
</body>
</html>
`;

const digestOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * Script and style are inline, because a document without an origin can't load our files. The
 * content security policy allows nothing else.
 */
const POLICY = [
  "default-src 'none'",
  `script-src ${digestOf(SCRIPT)}`,
  `style-src ${digestOf(STYLE)}`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  'sandbox allow-scripts',
].join('; ');

export function pictureFrame(): Response {
  return new Response(PAGE, {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': POLICY,
      'Cache-Control': 'no-store',
    },
  });
}
