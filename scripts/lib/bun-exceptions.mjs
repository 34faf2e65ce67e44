/**
 * Test files of the server that test a part which only the server on Node has.
 * @type {Readonly<Record<string, string>>}
 */
export const NODE_ONLY = {
  'apps/server/test/heap-growth.test.ts': 'sets a flag of V8',
  'apps/server/test/hostile-http.test.ts': 'starts the HTTP server of Node',
  'apps/server/test/line-writer.test.ts':
    'replaces Node’s functions of files, which Bun does not call; starts both runtimes itself',
  'apps/server/test/pipeline-cap.test.ts': 'counts requests of Node’s parser',
  'apps/server/test/power-cuts.test.ts':
    'replaces Node’s functions of files, which Bun does not call',
  'apps/server/test/slow-bodies.test.ts': 'reads requests of Node’s HTTP server',
  'apps/server/test/tls.test.ts': 'tests Caddy, with suites of OpenSSL that BoringSSL lacks',
  'apps/server/test/transports.test.ts': 'starts both transports itself',
  'apps/server/test/waiting-sockets.test.ts': 'starts the HTTP server of Node',
  'apps/server/test/ws-listener.test.ts':
    'tests what only `ws` does; `transports.test.ts` has the rest',
};

const OWN_CLOSE_CODE = 'Bun closes with a code of RFC 6455';
const OWN_REFUSAL = 'Bun refuses the request itself, without our headers and log';
const NO_PRELOAD = 'the test changes the program by NODE_OPTIONS, which Bun ignores';
const OTHER_WS = 'the test drives the class of `ws`, which Bun replaces by its own';
const NO_UK = 'Bun accepts the country code UK, which Node knows as an alias of GB';

/**
 * Tests that fail on Bun, by file and title, each with the reason.
 * @type {Readonly<Record<string, Readonly<Record<string, string>>>>}
 */
export const BUN_EXCEPTIONS = {
  'apps/server/test/answers.test.ts': {
    'redirects without letting the path add a header or change the host':
      'Bun reads a backslash in a path as a slash, and answers 404 instead of 400',
    'logs nothing when a client disconnects while sending a request body':
      'Bun reports no request whose connection was reset before it was read',
    'counts refused requests by status and logs nothing about the client': OWN_REFUSAL,
  },
  'apps/server/test/attack/forgeries.test.ts': {
    "[PR-10, PR-53] after a restart, expires tickets and receipts by the node's date": NO_PRELOAD,
  },
  'apps/server/test/config.test.ts': {
    'explains for every invalid setting which values are valid': NO_UK,
    'reads a help line per country, each an address or number': NO_UK,
  },
  'apps/server/test/frames.test.ts': {
    '[PR-2] reads a frame at the size limit and refuses one byte more': OWN_CLOSE_CODE,
    '[PR-2] refuses an oversized frame by its header':
      'Bun refuses the frame four bytes later, at the end of its header',
    '[PR-7] closes with a protocol reason on every unreadable frame': OWN_CLOSE_CODE,
    'accepts a message with the maximum of fragments and refuses one more':
      'Bun counts no fragments; together they may have as many bytes as one message',
  },
  'apps/server/test/handshake-refusals.test.ts': {
    'sends the security headers with every refused handshake': OWN_REFUSAL,
    'sends HSTS with a handshake refused over TLS': OWN_REFUSAL,
  },
  'apps/server/test/main.test.ts': {
    'prints one sentence when the disk fails after SIGTERM': NO_PRELOAD,
  },
  'apps/server/test/participant-socket.test.ts': {
    "echoes a client's close code, after the queued frames": OTHER_WS,
    'closes with a protocol reason on invalid bytes': OTHER_WS,
  },
  'apps/server/test/security-headers.test.ts': {
    'sends the security headers with responses to invalid requests too': OWN_REFUSAL,
  },
  'apps/server/test/upgrade.test.ts': {
    "accepts WebSockets only from the server's own pages and with a cookie":
      'Bun answers 426 instead of 400 to an old version of the protocol',
  },
};
