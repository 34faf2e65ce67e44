/** Regular expressions that are not linear by their form alone, each in its file, with why none is slow all the same. */
export const ARGUED: readonly (readonly [path: string, pattern: string, why: string])[] = [
  [
    'apps/console/src/parts/audit-words.ts',
    String.raw`/(?<=[uU]ntil|At)Ms$/u`,
    'It looks back six signs at most, over names of fields that the program wrote.',
  ],
  [
    'apps/server/src/net/client-place.ts',
    String.raw`/%.*$/`,
    'The run ends at the end of a line, and a header is one line: it begins at the first % and ends once.',
  ],
  [
    'apps/server/src/config/flat-json.ts',
    String.raw`/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y`,
    'The alternatives begin with different signs, so that there is one way to read a text: the operator’s file.',
  ],
  [
    'apps/server/src/config/flat-json.ts',
    String.raw`/-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y`,
    'Between runs of digits stands a sign that is none.',
  ],
  [
    'apps/server/src/config/settings.ts',
    String.raw`/^[^\s@:/?#]+@[^\s@:/?#]+\.[^\s@:/?#]+$/`,
    'The operator’s own address, once at the start.',
  ],
  [
    'apps/server/src/config/settings.ts',
    String.raw`/^(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/`,
    'It looks ahead over 253 signs and refuses what is longer: the operator’s own host.',
  ],
  [
    'apps/server/src/node/folder-lock.ts',
    String.raw`/^server-([1-9][0-9]*)-([0-9]+|unknown)-[0-9a-f]{12}\.lock$/`,
    'Between runs of digits stands a dash; names of files are short.',
  ],
  [
    'apps/server/src/http/network-cap.ts',
    String.raw`/%.*$/`,
    'The address of a socket, as the system writes it.',
  ],
  [
    'apps/server/src/net/site.ts',
    String.raw`/^[a-z]+:\/\/([^/?#]*)/i`,
    'The first run ends at a colon, and nothing comes after the second.',
  ],
  [
    'apps/server/src/net/network-facts.ts',
    String.raw`/%.*$/`,
    'An address, as the system’s resolver writes it.',
  ],
  [
    'apps/server/src/net/turn-url.ts',
    String.raw`/^(turns?):(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::([0-9]{1,5}))?(?:\?transport=(udp|tcp))?$/`,
    'Of the two runs a text has one, by its first sign: the operator’s own relay.',
  ],
  [
    'apps/web/src/call/certificates.ts',
    String.raw`/^a=fingerprint:(\S+) (\S+?)\r?$/gmu`,
    'Each line begins once, and a space stands between runs that have none; a description is of bounded length.',
  ],
  [
    'apps/web/src/chat/private-details.ts',
    String.raw`/[^\s@]@[^\s@.]+\.[^\s@]/u`,
    'It begins at each @, and its run ends before the next one: every sign is looked at twice.',
  ],
  [
    'apps/web/src/chat/private-details.ts',
    String.raw`/[+(]?\p{Nd}(?:[ ().\-\u2010-\u2015/\u00A0\u202F]{0,3}\p{Nd}){6,24}/gu`,
    'No digit is a separator, so that there is one way to read a text, over a hundred signs at most from each place.',
  ],
  [
    'apps/web/src/gallery/pseudo-words.ts',
    String.raw`/(\{\{[^}]*\}\})/u`,
    'The gallery’s: words of ours.',
  ],
  [
    'apps/web/src/gallery/pseudo-words.ts',
    String.raw`/[^\p{L}]*$/u`,
    'The gallery’s: words of ours.',
  ],
  [
    'apps/web/src/screens/settings/diagnostics.ts',
    String.raw`/(\w+)\/(\d{1,4})\b/gu`,
    'What the browser calls itself, on its own device.',
  ],
  [
    'apps/web/src/signal/device-key.ts',
    String.raw`/=+$/`,
    'Base64 that the page has just made: two of them at most, at the end.',
  ],
  [
    'packages/gateway/src/signal-policy/sdp.ts',
    String.raw`/^o=[^ ]+ ([0-9]{1,20}) ([0-9]{1,20}) IN IP[46] [^ ]+$/`,
    'A space stands between runs that have none.',
  ],
  [
    'packages/ui/src/sentences.ts',
    String.raw`/\{\{(\w+)\}\}/gu`,
    'It begins at two braces, which its run has not: words of ours.',
  ],
  [
    'packages/matchmaking/src/mode.ts',
    String.raw`/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/`,
    'Each group begins with a dash, which its run has not: names of modes that the program has.',
  ],
  [
    'packages/moderation/src/settings/settings.ts',
    String.raw`/^[a-z][a-z-]{0,31}(?:\.[a-z][a-z-]{0,31}){0,3}$/`,
    'Each group begins with a point, which the rest of it has not.',
  ],
  [
    'packages/storage/src/postgres/postgres-database.ts',
    String.raw`/^127(?:\.\d{1,3}){3}$/`,
    'Each group begins with a point, and the rest of it is digits.',
  ],
];
