import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isUfrag,
  parseCandidate,
  serializeCandidate,
} from '@farandole/gateway/signal-policy/candidate';
import {
  FOUNDATION_CHARS_MAX,
  NETWORK_COST_MAX,
  PRIORITY_MAX,
  UFRAG_CHARS_MAX,
  UFRAG_CHARS_MIN,
} from '@farandole/gateway/signal-policy/limits';
import { CANDIDATE_CHARS_MAX } from '@farandole/protocol/limits';
import fc from 'fast-check';

const reasonOf = (line: string): string | null => {
  const parsed = parseCandidate(line);
  return parsed.ok ? null : parsed.reason;
};

test('[SP-3] parses an ICE candidate line of Chromium', () => {
  assert.deepEqual(
    parseCandidate(
      'candidate:3423308526 1 udp 2122063615 192.0.2.2 34949 typ host generation 0 ufrag fKkB network-id 1 network-cost 50',
    ),
    {
      ok: true,
      value: {
        foundation: '3423308526',
        component: 1,
        transport: 'udp',
        priority: 2_122_063_615,
        address: '192.0.2.2',
        port: 34_949,
        type: 'host',
        ufrag: 'fKkB',
        networkCost: 50,
      },
    },
  );
});

test('[SP-3] parses an ICE candidate line of Firefox with upper-case transport', () => {
  const parsed = parseCandidate(
    'candidate:1 2 UDP 1685987326 192.0.2.2 37516 typ srflx raddr 0.0.0.0 rport 0',
  );
  assert.ok(parsed.ok);
  assert.equal(parsed.value.transport, 'udp');
  assert.equal(parsed.value.component, 2);
  assert.deepEqual([parsed.value.ufrag, parsed.value.networkCost], [null, 0]);
});

test('[SP-3] checks the grammar of each candidate field', () => {
  const fields = ['candidate:1', '1', 'udp', '1', '192.0.2.1', '5000', 'typ', 'host'];
  const withField = (index: number, value: string): string => fields.with(index, value).join(' ');
  assert.equal(reasonOf(fields.join(' ')), null);
  const wrong: readonly (readonly [field: number, values: readonly string[]])[] = [
    [0, ['candidate:', 'candidate:é', 'candidate:a.b', 'Candidate:1', 'a=candidate:1', '1', '']],
    [1, ['0', '257', '-1', '1.0', 'x', '', '0x1']],
    [2, ['']],
    [3, ['0', '-1', '1e3', '', 'x', `${PRIORITY_MAX + 1}`, '99999999999']],
    [4, ['']],
    [5, ['65536', '-1', '', '8e1', '0x50', '99999999999']],
    [6, ['type', 'TYP', '']],
    [7, ['']],
  ];
  for (const [field, values] of wrong) {
    for (const value of values) {
      assert.equal(reasonOf(withField(field, value)), 'malformed', `${field}: ${value}`);
    }
  }
  for (const value of ['1', '256']) assert.equal(reasonOf(withField(1, value)), null);
  for (const value of ['1', `${PRIORITY_MAX}`]) assert.equal(reasonOf(withField(3, value)), null);
  for (const value of ['0', '65535']) assert.equal(reasonOf(withField(5, value)), null);
  assert.equal(reasonOf(fields.slice(0, 7).join(' ')), 'malformed', 'a field is missing');
});

test('[SP-3] rejects incomplete and repeated name-value pairs in a candidate', () => {
  const line = 'candidate:1 1 udp 1 192.0.2.1 5000 typ host';
  assert.equal(reasonOf(`${line} a b`), null);
  for (const rest of [' ', ' a', ' a b c', '  a b', ' a  b', ' a b ', ' ufrag abcd ufrag efgh']) {
    assert.equal(reasonOf(line + rest), 'malformed', JSON.stringify(rest));
  }
});

test('[SP-3] accepts only printable ASCII in a candidate', () => {
  const line = 'candidate:1 1 udp 1 192.0.2.1 5000 typ host a b';
  for (const character of ['\0', '\n', '\r', '\t', '\x7f', '\x80', '\u2028', '\u{1f600}']) {
    assert.equal(reasonOf(line + character), 'malformed', JSON.stringify(character));
    assert.equal(reasonOf(line.replace('192', character)), 'malformed');
  }
});

test('[SP-3] rejects a candidate line one character over the limit', () => {
  const line = 'candidate:1 1 udp 1 192.0.2.1 5000 typ host a ';
  assert.equal(reasonOf(line.padEnd(CANDIDATE_CHARS_MAX, 'b')), null);
  assert.equal(reasonOf(line.padEnd(CANDIDATE_CHARS_MAX + 1, 'b')), 'too-long');
});

test('[SP-3] rejects a foundation one character over the limit', () => {
  const line = (foundation: string): string =>
    `candidate:${foundation} 1 udp 1 192.0.2.1 5000 typ host`;
  assert.equal(reasonOf(line('+'.repeat(FOUNDATION_CHARS_MAX))), null);
  assert.equal(reasonOf(line('+'.repeat(FOUNDATION_CHARS_MAX + 1))), 'malformed');
});

test('[SP-3] parsing a candidate never throws, whatever the text', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom('candidate:1', '1', 'udp', '1', '192.0.2.1', '5000', 'typ', 'host', 'ufrag'),
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 600 }),
    fc.array(piece, { maxLength: 16 }).map((pieces) => pieces.join(' ')),
    fc.array(piece, { maxLength: 16 }).map((pieces) => `candidate:${pieces.join(' ')}`),
  );
  fc.assert(
    fc.property(text, (line) => {
      const parsed = parseCandidate(line);
      if (!parsed.ok) assert.ok(['too-long', 'malformed'].includes(parsed.reason));
    }),
    { numRuns: 5_000 },
  );
});

test('[SP-4, SP-15] writes candidates from parsed values, with an all-zero related address', () => {
  const common = { foundation: 3, priority: 77, address: '198.51.100.9', port: 5000 } as const;
  assert.equal(
    serializeCandidate({ ...common, type: 'host', ufrag: null, networkCost: 0 }),
    'candidate:3 1 udp 77 198.51.100.9 5000 typ host',
  );
  assert.equal(
    serializeCandidate({ ...common, type: 'srflx', ufrag: 'a+/9', networkCost: 10 }),
    'candidate:3 1 udp 77 198.51.100.9 5000 typ srflx raddr 0.0.0.0 rport 0 ufrag a+/9 network-cost 10',
  );
  assert.equal(
    serializeCandidate({ ...common, type: 'relay', ufrag: null, networkCost: 999 }),
    'candidate:3 1 udp 77 198.51.100.9 5000 typ relay raddr 0.0.0.0 rport 0 network-cost 999',
  );
});

test('[SP-15] keeps a candidate’s network cost only if valid', () => {
  const cost = (pairs: string): number => {
    const parsed = parseCandidate(`candidate:1 1 udp 1 192.0.2.1 5000 typ host${pairs}`);
    assert.ok(parsed.ok);
    return parsed.value.networkCost;
  };
  assert.deepEqual(
    ['', '0', '1', '900', `${NETWORK_COST_MAX}`].map((text) =>
      cost(text && ` network-cost ${text}`),
    ),
    [0, 0, 1, 900, NETWORK_COST_MAX],
  );
  for (const text of [`${NETWORK_COST_MAX + 1}`, '-1', '1.5', '0x1', '192.0.2.1', 'network-id']) {
    assert.equal(cost(` network-cost ${text}`), 0, text);
  }
});

test('[SP-4] keeps a candidate’s user fragment only if valid', () => {
  const ufrag = (text: string): string | null => {
    const parsed = parseCandidate(`candidate:1 1 udp 1 192.0.2.1 5000 typ host ufrag ${text}`);
    assert.ok(parsed.ok);
    return parsed.value.ufrag;
  };
  assert.equal(ufrag('fK+/'), 'fK+/');
  assert.equal(ufrag('f.Kk'), null);
  const atMin = 'a'.repeat(UFRAG_CHARS_MIN);
  const atMax = 'a'.repeat(UFRAG_CHARS_MAX);
  assert.equal(ufrag(atMin), atMin);
  assert.equal(ufrag(atMin.slice(1)), null);
  assert.equal(ufrag(atMax), atMax);
  assert.equal(ufrag(`${atMax}a`), null);
  assert.equal(isUfrag(''), false);
  const none = parseCandidate('candidate:1 1 udp 1 192.0.2.1 5000 typ host');
  assert.ok(none.ok);
  assert.equal(none.value.ufrag, null);
});
