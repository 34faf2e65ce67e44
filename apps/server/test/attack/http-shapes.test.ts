import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SESSION_TICKET_PATH } from '@farandole/protocol/http-api';
import { BODY_BYTES_MAX, HEADER_BYTES_MAX } from '../../src/limits.ts';
import { IS_SERVER_ON_BUN } from '../support/bun.ts';
import { besiege, until } from './support/siege.ts';
import { attackByTcp } from './support/tcp.ts';

/** `statuses` are the HTTP statuses that the server sends before it closes the socket. */
type Row = readonly [what: string, bytes: string, statuses: readonly number[]];

/** Path of a smuggled request, which must get no response. */
const SMUGGLED_PATH = '/smuggled-by-a-test';

function rows(port: number): readonly Row[] {
  const host = `Host: localhost:${port}\r\n`;
  const close = 'Connection: close\r\n\r\n';
  const post =
    `POST ${SESSION_TICKET_PATH} HTTP/1.1\r\n${host}` +
    `Origin: http://localhost:${port}\r\nContent-Type: application/json\r\n`;
  const smuggled = `GET ${SMUGGLED_PATH} HTTP/1.1\r\n${host}\r\n`;
  const chunks = `2\r\n{}\r\n0\r\n\r\n${smuggled}`;
  const withBody = (headers: string, body = `{}${smuggled}`): string =>
    `${post}${headers}\r\n\r\n${body}`;
  const get = (target: string, headers = ''): string =>
    `GET ${target} HTTP/1.1\r\n${host}${headers}${close}`;
  const withHost = (value: string): string => `GET / HTTP/1.1\r\nHost:${value}\r\n${close}`;

  return [
    // These requests have conflicting message framing (RFC 9112, sections 6 and 11.2).
    [
      'length, then coding',
      withBody('Content-Length: 6\r\nTransfer-Encoding: chunked', `0\r\n\r\n${smuggled}`),
      [400],
    ],
    [
      'coding, then length',
      withBody('Transfer-Encoding: chunked\r\nContent-Length: 6', `0\r\n\r\n${smuggled}`),
      [400],
    ],
    ['two lengths', withBody(`Content-Length: 2\r\nContent-Length: ${smuggled.length}`), [400]],
    ['the same length twice', withBody('Content-Length: 2\r\nContent-Length: 2'), [400]],
    ['a list of lengths', withBody('Content-Length: 2, 2'), [400]],
    ['a length with a sign', withBody('Content-Length: +2'), [400]],
    ['a negative length', withBody('Content-Length: -2'), [400]],
    ['a hexadecimal length', withBody('Content-Length: 0x2'), [400]],
    ['a length beyond all numbers', withBody(`Content-Length: ${'9'.repeat(40)}`), [400]],
    ['no length at all', withBody('Content-Length:'), [400]],
    ['space before the colon', withBody('Content-Length : 2'), [400]],
    ['another coding', withBody('Transfer-Encoding: xchunked', chunks), [400]],
    ['no coding', withBody('Transfer-Encoding: identity'), [400]],
    ['chunked, but not last', withBody('Transfer-Encoding: chunked, identity', chunks), [400]],
    [
      'chunked twice',
      withBody('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked', chunks),
      [400],
    ],
    ['a vertical tab', withBody('Transfer-Encoding: \x0bchunked', chunks), [400]],
    ['a negative chunk', withBody('Transfer-Encoding: chunked', `-${chunks}`), [400]],
    [
      'a chunk beyond all numbers',
      withBody('Transfer-Encoding: chunked', `${'f'.repeat(20)}\r\n{}\r\n0\r\n\r\n`),
      [400],
    ],
    [
      'chunks ended by bare line feeds',
      withBody('Transfer-Encoding: chunked', chunks.replaceAll('\r', '')),
      [400],
    ],
    [
      'a chunk with a long extension',
      withBody(
        'Transfer-Encoding: chunked',
        `2;${'x'.repeat(3 * HEADER_BYTES_MAX)}\r\n{}\r\n0\r\n\r\n`,
      ),
      [400],
    ],
    [
      'a length in the trailers',
      withBody('Transfer-Encoding: chunked', '2\r\n{}\r\n0\r\nContent-Length: 5\r\n\r\n'),
      [400],
    ],
    [
      'a body that is too large',
      withBody(
        `Content-Length: ${BODY_BYTES_MAX + 1}\r\nConnection: close`,
        ' '.repeat(BODY_BYTES_MAX + 1),
      ),
      [413],
    ],
    [
      'a request as the body of another',
      `GET / HTTP/1.1\r\n${host}Content-Length: ${smuggled.length}\r\n${close}${smuggled}`,
      [200],
    ],
    ['two requests in one write', `GET / HTTP/1.1\r\n${host}\r\n${get('/livez')}`, [200, 200]],
    // These requests have invalid line syntax (RFC 9112, sections 2.2 and 5).
    ['bare line feeds', get('/').replaceAll('\r', ''), [400]],
    ['bare carriage returns', get('/').replaceAll('\n', ''), [400]],
    ['a line feed in a value', get('/', 'X: a\nY: b\r\n'), [400]],
    ['a folded line', get('/', 'X: a\r\n b\r\n'), [400]],
    ['a folded first line', `GET / HTTP/1.1\r\n ${host}${close}`, [400]],
    ['a zero byte', get('/', 'X: a\0b\r\n'), [400]],
    ['a space in a name', get('/', 'Bad Header: 1\r\n'), [400]],
    ['headers as large as none', get('/', `X: ${'x'.repeat(HEADER_BYTES_MAX)}\r\n`), [431]],
    ['a flood of headers', get('/', 'a:b\r\n'.repeat(HEADER_BYTES_MAX / 4)), [431]],
    ['a first line as long as none', get(`/${'a'.repeat(HEADER_BYTES_MAX)}`), [431]],
    ['a very long first line', get(`/${'a'.repeat(HEADER_BYTES_MAX - 1_000)}`), [404]],
    // These requests have a missing or invalid Host header (RFC 9112, section 3.2).
    ['no host', 'GET / HTTP/1.1\r\n\r\n', [400]],
    ['an empty host', withHost(''), [400]],
    ['a host with a path', withHost(` localhost:${port}/x`), [400]],
    ['a host with a user', withHost(` localhost:${port}@evil.example`), [400]],
    ['a host at no port', withHost(' localhost:99999'), [400]],
    ['another host', withHost(' evil.example'), [421]],
    ['another host before ours', `GET / HTTP/1.1\r\nHost: evil.example\r\n${host}${close}`, [400]],
    ['another host behind ours', get('/', 'Host: evil.example\r\n'), [400]],
    ['our own address, whole', get(`http://localhost:${port}/`), [200]],
    ['another address, whole', get('http://evil.example/'), [400]],
    [
      'ours, for another host',
      `GET http://localhost:${port}/ HTTP/1.1\r\nHost: evil.example\r\n${close}`,
      [400],
    ],
    ['a file', get('file:///etc/passwd'), [400]],
    ['a WebSocket’s address', get(`ws://localhost:${port}/ws`), [400]],
    [
      'a tunnel to elsewhere',
      'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n',
      [],
    ],
    ['a tunnel to ourselves', `CONNECT localhost:${port} HTTP/1.1\r\n${host}\r\n`, []],
    ['an echo', `TRACE / HTTP/1.1\r\n${host}${close}`, [405]],
    ['options of everything', `OPTIONS * HTTP/1.1\r\n${host}${close}`, [400]],
    [
      'another method in a header',
      `POST / HTTP/1.1\r\n${host}X-HTTP-Method-Override: GET\r\nContent-Length: 0\r\n${close}`,
      [405],
    ],
    ['a method of nobody’s', `FOO / HTTP/1.1\r\n${host}${close}`, [400]],
    ['a method in small letters', `get / HTTP/1.1\r\n${host}${close}`, [400]],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400]],
    ['HTTP/9.9', `GET / HTTP/9.9\r\n${host}${close}`, [400]],
    ['HTTP/0.9', 'GET /\r\n\r\n', [400]],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', [400]],
    ['no slash', get('index.html'), [400]],
    ['a user and a host', get('@evil.example/'), [400]],
    ['a space', get('/ x'), [400]],
    ['a control character', get('/\x01'), [400]],
    ['a byte beyond ASCII', get('/\xff'), [400]],
    ['a backslash', get('/\\evil.example'), [400]],
    ['two slashes', get('//evil.example/'), [404]],
    ['half an escape', get('/%zz'), [404]],
    ...TRAVERSALS.map((path): Row => [path, get(path), [404]]),
  ];
}

const TRAVERSALS = [
  '/../package.json',
  '/assets/../../package.json',
  '/..%2f..%2fpackage.json',
  '/%2e%2e/%2e%2e/package.json',
  '/%252e%252e/package.json',
  '/..%5c..%5cpackage.json',
  '/....//....//package.json',
  '/..;/package.json',
  '/assets/..%c0%af..%c0%afpackage.json',
  '/%c0%ae%c0%ae/package.json',
  '/..%u2215package.json',
  '/assets/main-abc123.js%00.html',
  '/assets/main-abc123.js/',
  '/assets/main-abc123.js.br',
  '//etc/passwd',
  '/etc/passwd',
  '/C:/windows/win.ini',
  '/.git/config',
  '/.env',
  '/keys.json',
  '/index.html::$DATA',
  '/__proto__',
  '/constructor/prototype',
];

/** Answers of Bun's own parser where they differ. None of them serves a smuggled request. */
const STATUSES_OF_BUN: Readonly<Record<string, readonly number[]>> = {
  'a chunk with a long extension': [413],
  'a length in the trailers': [200, 400],
  'bare line feeds': [505],
  'bare carriage returns': [505],
  'headers as large as none': [200],
  'a first line as long as none': [404],
  // Bun joins both names, and the node serves no such host.
  'another host before ours': [421],
  'another host behind ours': [421],
  // The host of an absolute address has no effect.
  'another address, whole': [200],
  'ours, for another host': [421],
  'a tunnel to elsewhere': [400],
  'a tunnel to ourselves': [400],
  'a method of nobody’s': [],
  'a method in small letters': [],
  'HTTP/9.9': [505],
  'HTTP/0.9': [505],
  'a space': [505],
  'a control character': [505],
  'a byte beyond ASCII': [404],
  'a backslash': [404],
};

test('refuses ambiguous HTTP and answers no smuggled request', async (t) => {
  const siege = await besiege(t);
  const { port } = siege.server;
  const asked = rows(port);
  const answered: { what: string; statuses: readonly number[] }[] = [];
  await siege.withstand(async () => {
    for (const [index, [what, bytes, statuses]] of asked.entries()) {
      const attacker = await attackByTcp(t, port, `127.96.${index}.1`);
      attacker.socket.write(bytes, 'latin1');
      const answersOf = (): readonly number[] =>
        Array.from(attacker.received().matchAll(/HTTP\/1\.1 (\d{3}) /g), ([, status]) =>
          Number(status),
        );
      await until(
        () => attacker.socket.destroyed || answersOf().length >= Math.max(1, statuses.length),
        () => `an answer to ${what}`,
      );
      attacker.socket.end();
      const all = await attacker.ended;
      answered.push({ what, statuses: answersOf() });
      assert.ok(!all.includes(SMUGGLED_PATH), what);
      assert.ok(!/root:|"scripts"|"seal"/.test(all), what);
      if ((statuses[0] ?? 0) < 400 || IS_SERVER_ON_BUN) continue;
      // On Node the server's own code sends each refusal, with all the security headers.
      assert.match(all, /^content-type: application\/problem\+json\r$/im, what);
      assert.match(all, /^content-security-policy: default-src 'none';/im, what);
    }
  });
  const expectedOf = ([what, , statuses]: Row): readonly number[] =>
    (IS_SERVER_ON_BUN ? STATUSES_OF_BUN[what] : undefined) ?? statuses;
  assert.deepEqual(
    answered,
    asked.map((row) => ({ what: row[0], statuses: expectedOf(row) })),
  );
  await siege.canary.stop();
});
