import { createHash } from 'node:crypto';
import { type Language, languageOf } from './accept-language.ts';

/** What somebody reads who came over plain HTTP from another machine. */
interface Words {
  readonly title: string;
  readonly why: string;
  readonly visitor: string;
  readonly operator: string;
  readonly how: string;
}

/** In the languages of the page itself. */
const WORDS = {
  en: {
    title: 'This page needs HTTPS',
    why: 'Browsers give a camera and a microphone only to pages that come over an encrypted connection, so that nobody on the way can change the page or watch. This address is not encrypted, and so Farandole does not start here.',
    visitor:
      'If you were given this address, ask for the one that begins with https://, or write that yourself and see.',
    operator: 'If you run this server, it takes one small proxy in front of it:',
    how: 'Let the proxy serve TLS, list it in FARANDOLE_TRUSTED_PROXIES, and list the page’s address in FARANDOLE_ORIGINS. docs/tls.md, which came with Farandole, has a configuration to copy. On the machine that the server runs on, http://localhost works without any of it.',
  },
  fr: {
    title: 'Cette page a besoin de HTTPS',
    why: 'Les navigateurs ne confient la caméra et le micro qu’aux pages reçues par une connexion chiffrée, pour que personne en chemin ne puisse modifier la page ni regarder. Cette adresse n’est pas chiffrée : Farandole ne démarre donc pas ici.',
    visitor:
      'Si l’on vous a donné cette adresse, demandez celle qui commence par https://, ou essayez-la vous-même.',
    operator: 'Si ce serveur est le vôtre, il suffit d’un petit proxy devant lui :',
    how: 'Le proxy sert TLS ; inscrivez-le dans FARANDOLE_TRUSTED_PROXIES et l’adresse de la page dans FARANDOLE_ORIGINS. docs/tls.md, fourni avec Farandole, contient une configuration à copier. Sur la machine même du serveur, http://localhost fonctionne sans rien de tout cela.',
  },
} as const satisfies Readonly<Record<Language, Words>>;

const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; font: 1.125rem/1.6 system-ui, sans-serif; color: light-dark(#1d1a2b, #f3efe6); background: light-dark(#fbf8f3, #14121f); }
main { max-inline-size: 38rem; margin: 12vh auto; padding: 0 1.5rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 1.5rem; }
p { margin: 0 0 1rem; }
`;

const PAGES = { en: render('en'), fr: render('fr') } as const;

/** The page's one style sheet is in it, and allowed by its digest; it loads nothing and runs nothing. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * The one answer that there is over plain HTTP from another machine. Its status says what is
 * missing (RFC 9110, section 15.5.22), and browsers show its body.
 */
export function insecurePage(acceptLanguage: string | null): Response {
  return new Response(PAGES[languageOf(acceptLanguage)], {
    status: 426,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': POLICY,
      'Cache-Control': 'no-store',
      Upgrade: 'TLS/1.2, HTTP/1.1',
      // Without the second word the socket would stay, even for whoever asked to be the last.
      Connection: 'Upgrade, close',
      Vary: 'Accept-Language',
    },
  });
}

function render(language: Language): string {
  const { title, why, visitor, operator, how } = WORDS[language];
  return `<!doctype html>
<html lang="${language}">
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
