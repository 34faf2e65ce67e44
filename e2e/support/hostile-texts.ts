/**
 * Texts that try to run as markup or to deceive a reader. A script in a text calls `canary`,
 * which shows that the script ran.
 */
export const HOSTILE_TEXTS: Readonly<Record<string, readonly string[]>> = {
  scripts: [
    '<script>canary(1)</script>',
    '<ScRiPt>canary(1)</sCrIpT>',
    '<script src=//evil.test/a.js></script>',
    '<script src="data:text/javascript,canary(1)"></script>',
    '<script type=module>canary(1)</script>',
    '<scr<script>ipt>canary(1)</scr</script>ipt>',
    '</script><script>canary(1)</script>',
    '<script/x>canary(1)</script\t\n bar>',
  ],
  handlers: [
    '<img src=x onerror=canary(1)>',
    '<img src=x onerror=alert(1)>',
    '<img src=x onerror="setTimeout`canary\\x281\\x29`">',
    '<IMG """><img src=x onerror=canary(1)>',
    '<img/src/onerror=canary(1)>',
    '<body onload=canary(1)>',
    '<input autofocus onfocus=canary(1)>',
    '<details open ontoggle=canary(1)>x</details>',
    '<video><source onerror=canary(1)></video>',
    '<audio src=x onerror=canary(1)>',
    '<marquee onstart=canary(1)>x</marquee>',
    '<div onpointerover=canary(1) style="position:fixed;inset:0">x</div>',
    '<style onload=canary(1)></style>',
    '<p style="animation:x 1s" onanimationstart=canary(1)>x</p>',
  ],
  frames: [
    '<iframe srcdoc="<script>parent.canary(1)</script>"></iframe>',
    '<iframe src=javascript:parent.canary(1)></iframe>',
    '<iframe src=//evil.test/></iframe>',
    '<object data="data:text/html,<script>parent.canary(1)</script>"></object>',
    '<embed src=//evil.test/a.swf>',
    '<portal src=//evil.test></portal>',
  ],
  'foreign markup': [
    '<svg onload=canary(1)>',
    '<svg><script>canary(1)</script></svg>',
    '<svg><animate onbegin=canary(1) attributeName=x dur=1s>',
    '<svg><use href="data:image/svg+xml,<svg id=x onload=canary(1)>#x"/></svg>',
    '<svg><foreignObject><img src=x onerror=canary(1)></foreignObject></svg>',
    '<math><mtext></mtext><img src=x onerror=canary(1)></math>',
    '<math href="javascript:canary(1)">x</math>',
    '<math><mtext><table><mglyph><style><img src=x onerror=canary(1)>',
    '<svg></p><style><a id="</style><img src=x onerror=canary(1)>">',
    '<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=canary(1)>',
    '<noscript><p title="</noscript><img src=x onerror=canary(1)>">',
    '<template><img src=x onerror=canary(1)></template>',
    '<xmp><p title="</xmp><img src=x onerror=canary(1)>">',
    '<select><style></select><img src=x onerror=canary(1)></style>',
    '<!--><img src=x onerror=canary(1)>-->',
    '<![CDATA[<img src=x onerror=canary(1)>]]>',
    '<?xml version="1.0"?><img src=x onerror=canary(1)>',
  ],
  addresses: [
    'javascript:canary(1)',
    'JaVaScRiPt:canary(1)',
    'java\tscript:canary(1)',
    'data:text/html,<script>canary(1)</script>',
    'vbscript:canary(1)',
    '<a href="javascript:canary(1)">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD5jYW5hcnkoMSk8L3NjcmlwdD4=">x</a>',
    '[x](javascript:canary(1))',
    'https://evil.test/?a=1&b=<x>',
    '//evil.test/a.png',
    '<link rel=stylesheet href=//evil.test/a.css>',
    '<base href=//evil.test/>',
    '<meta http-equiv=refresh content="0;url=//evil.test/">',
    '<form action=//evil.test/><button>x</button></form>',
  ],
  'attributes and templates': [
    '"><img src=x onerror=canary(1)>',
    "'><img src=x onerror=canary(1)>",
    '" autofocus onfocus=canary(1) x="',
    "'-canary(1)-'",
    '`${canary(1)}`',
    '${canary(1)}',
    '{{constructor.constructor("canary(1)")()}}',
    '{{count}} {{who}} {{list}}',
    '$t(landing.title) $t(site.stranger)',
    '<%= canary(1) %>',
    '#{canary(1)}',
    '__proto__',
    '&lt;img src=x onerror=canary(1)&gt;',
    '&#60;img src=x onerror=canary(1)&#62;',
    '\\u003cimg src=x onerror=canary(1)\\u003e',
    '{"type":"chat.line","text":"canary"}',
  ],
  styles: [
    '<style>*{display:none}</style>',
    '<style>@import "//evil.test/a.css";</style>',
    '<p style="background:url(//evil.test/a.png)">x</p>',
    '</style><style>body{visibility:hidden}</style>',
    'expression(canary(1))',
  ],
  'what is not seen': [
    '\u202etxt.exe\u202c and back',
    '\u2066isolated\u2069 \u2067right to left\u2069',
    'never closed \u202e\u202e\u202e abc',
    'zero\u200bwidth\u200c\u200d\u2060\ufeffspaces',
    'soft\u00adhyphen \u061c \u180e',
    'line\u2028separator and paragraph\u2029separator',
    '\u{e0001}\u{e0041}tags\u{e007f}',
    'ﬀ ﷽ ㍿ ﷺ',
  ],
  'what looks like something else': [
    'раураl.com — Cyrillic, and ехаmple.org',
    'Stranger left',
    'You: I said this',
    'ⓗⓣⓣⓟⓢ://ⓔⓥⓘⓛ.test',
    'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘',
    '👩‍👩‍👧‍👦🏳️‍🌈👁️‍🗨️🇫🇷👍🏿'.repeat(6),
    `a${'\u0301'.repeat(120)}`,
    '𝕱𝖆𝖗𝖆𝖓𝖉𝖔𝖑𝖊',
  ],
  'what is long': ['w'.repeat(900), 'W'.repeat(300), '\u{1f469}'.repeat(200), 'a\n'.repeat(120)],
};

export const ALL_HOSTILE_TEXTS: readonly string[] = Object.values(HOSTILE_TEXTS).flat();

/** Joins as many hostile texts as fit into a field of `unitsMax` UTF-16 code units. */
export function hostileWithin(
  unitsMax: number,
  texts: readonly string[] = ALL_HOSTILE_TEXTS,
): string {
  let joined = '';
  for (const text of texts) {
    const longer = joined === '' ? text : `${joined}\n${text}`;
    if (longer.length <= unitsMax) joined = longer;
  }
  return joined;
}

export function joinedTexts(unitsMax: number, texts: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const text of texts) {
    const longer = `${joined.at(-1) ?? ''}\n${text}`;
    if (joined.length === 0 || longer.length > unitsMax) joined.push(text);
    else joined[joined.length - 1] = longer;
  }
  return joined;
}

export const HOSTILE_NAME =
  '"><img src=x onerror=canary(1)>{{who}} $t(screen.queue) <svg onload=canary(1)>';

/** Texts with control characters or lone surrogates, which a node refuses. */
export const TEXTS_THAT_ARE_NONE: readonly string[] = [
  'null \0 byte',
  'bell \u0007',
  'escape \u001b[31mred',
  'next line \u0085',
  'half \ud800 of a pair',
  'half \udc00 of a pair',
];

/**
 * Hostile texts short enough for an interest. They contain no comma, because commas separate
 * interests.
 */
export const HOSTILE_INTERESTS: readonly string[] = [
  '<img src=x onerror=canary(1)>',
  '<svg/onload=canary(1)>',
  '$t(landing.title)',
  '{{count}}',
  '"><script>canary(1)</script>',
];
