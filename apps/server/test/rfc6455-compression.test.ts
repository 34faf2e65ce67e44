import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { type Case, first, frame, IN_OUR_WORDS, last, MALFORMED, text } from './rfc6455/case.ts';
import { openClient, runCases, withListener } from './rfc6455/run-cases.ts';

/** What browsers and Autobahn's categories 12 and 13 offer, and a few things that nobody should. */
const OFFERS = [
  'permessage-deflate',
  'permessage-deflate; client_max_window_bits',
  'permessage-deflate; server_max_window_bits=8',
  'permessage-deflate; client_no_context_takeover; server_no_context_takeover',
  'permessage-deflate; client_max_window_bits=15; server_max_window_bits=15',
  'permessage-deflate; server_max_window_bits=7, permessage-deflate',
  'x-webkit-deflate-frame',
  'permessage-bzip2, permessage-deflate; client_max_window_bits',
  'permessage-deflate; unknown_parameter=1',
  '',
] as const;

describe('[PR-7] RFC 6455, 12 and 13: compression is declined', () => {
  const listener = withListener();

  for (const [at, offer] of OFFERS.entries()) {
    it(`12.${at + 1} "${offer}" is offered: a server that names no extension has agreed to none (9.1)`, async () => {
      let head = '';
      const { client, until } = await openClient(listener, {
        lines: [`Sec-WebSocket-Extensions: ${offer}`],
        onHead: (got) => {
          head = got;
        },
      });
      assert.doesNotMatch(head, /extensions/i);
      await client.send(text('hello'));
      await until('the text', () => listener.ear.texts.includes('hello'));
      client.destroy();
      await until('the end', () => listener.ear.closed !== null);
    });
  }

  it('12.11 subprotocols are offered: none is chosen (4.2.2)', async () => {
    let head = '';
    const { client, until } = await openClient(listener, {
      lines: ['Sec-WebSocket-Protocol: chat, superchat'],
      onHead: (got) => {
        head = got;
      },
    });
    assert.doesNotMatch(head, /sec-websocket-protocol/i);
    client.destroy();
    await until('the end', () => listener.ear.closed !== null);
  });
});

const deflated = deflateRawSync(Buffer.from('hello, hello, hello'));
/** A small message of 90 KB: what a server that inflates would be made to keep. */
const bomb = deflateRawSync(Buffer.alloc(90_000));

const COMPRESSED: readonly Case[] = [
  ['13.1', 'a compressed text', [frame('text', deflated, { reserved: 4 })]],
  [
    '13.2',
    'a compressed text in parts',
    [frame('text', deflated, { reserved: 4, isFinal: false }), last('')],
  ],
  [
    '13.3',
    'a second part that is marked as compressed',
    [first('a'), frame('continuation', 'b', { reserved: 4 })],
  ],
  ['13.4', 'a bomb', [frame('text', bomb, { reserved: 4 })]],
].map(
  ([id, what, sends]): Case => ({
    id: id as string,
    what: what as string,
    rfc: 'RSV1 without an extension that gives it a meaning MUST fail the connection (5.2)',
    ours: IN_OUR_WORDS,
    sends: sends as readonly Buffer[],
    expects: MALFORMED,
  }),
);

runCases('[PR-7] RFC 6455, 13: compressed frames', COMPRESSED);
