import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CandidateGate } from '@farandole/gateway/signal-policy/candidate-gate';
import { SDP_LINE_CHARS_MAX, SDP_MEDIA_LINES_MAX } from '@farandole/gateway/signal-policy/limits';
import { SDP_CHARS_MAX } from '@farandole/protocol/limits';
import { SDP_FIXTURES, sdpFixture } from './fixtures.ts';
import {
  AUDIO,
  DATA,
  DIGEST,
  filtered,
  localPolicy,
  minimal,
  refusal,
  SESSION,
  TRANSPORT,
  text,
  VIDEO,
} from './sdp-harness.ts';

test('[SP-20] returns a minimal SDP description unchanged', () => {
  assert.deepEqual(filtered(minimal), {
    sdp: minimal,
    fingerprints: [`sha-256 ${DIGEST}`],
    candidateRefusals: [],
  });
  assert.equal(
    filtered(text(...SESSION, ...VIDEO, ...AUDIO)).sdp,
    text(...SESSION, ...VIDEO, ...AUDIO),
  );
});

test('[SP-20] rejects an SDP description one character over the limit', () => {
  const fill = `${'i=fill'.padEnd(SDP_LINE_CHARS_MAX, '.')}\r\n`;
  const filled = minimal + fill.repeat(20);
  const atLimit = `${filled.slice(0, SDP_CHARS_MAX - 20)}\r\ni=`.padEnd(SDP_CHARS_MAX - 2, '.');
  assert.equal(filtered(`${atLimit}\r\n`).sdp, minimal);
  assert.equal(refusal(`${atLimit}.\r\n`), 'too-long');
});

test('[SP-20] a filtered SDP description fits into a protocol message', () => {
  // The filter adds the missing `c=` line, so the filtered text is longer than the original.
  const short = text(...SESSION, ...AUDIO.filter((line) => !line.startsWith('c=')));
  const ssrc = `a=ssrc:1 cname:${'x'.repeat(100)}\r\n`;
  const room = SDP_CHARS_MAX - short.length;
  const grown = short + ssrc.repeat(Math.floor(room / ssrc.length));
  assert.ok(grown.length <= SDP_CHARS_MAX);
  const last = `a=mid:${'x'.repeat(Math.min(100, SDP_CHARS_MAX - grown.length - 8))}\r\n`;
  assert.ok((grown + last).length <= SDP_CHARS_MAX, 'what came was not too long');
  assert.equal(refusal(grown + last), 'too-long');
});

test('[SP-20] rejects an SDP line one character over the limit', () => {
  const line = (length: number): string => text(...SESSION, 'i='.padEnd(length, 'x'), ...AUDIO);
  assert.equal(refusal(line(SDP_LINE_CHARS_MAX)), null);
  assert.equal(refusal(line(SDP_LINE_CHARS_MAX + 1)), 'bad-line');
  const feedback = `a=rtcp-fb:96${` ${'x'.repeat(128)}`.repeat(8)}`;
  assert.equal(refusal(text(...SESSION, ...VIDEO, feedback)), 'bad-line', 'also a line of a codec');
});

test('[SP-20] rejects an SDP description with one media line too many', () => {
  const media = (count: number): string =>
    text(...SESSION, ...Array.from({ length: count }, () => AUDIO).flat());
  assert.equal(refusal(media(SDP_MEDIA_LINES_MAX)), null);
  assert.equal(refusal(media(SDP_MEDIA_LINES_MAX + 1)), 'too-many-media-lines');
  assert.equal(refusal(media(0)), 'no-live-media');
});

test('[SP-21] requires CR LF line ends in SDP, rejects stray CR or LF', () => {
  const cases: readonly (readonly [came: string, reason: string])[] = [
    ['', 'bad-origin'],
    ['\r\n', 'bad-line'],
    [minimal.replaceAll('\r\n', '\n'), 'bad-line'],
    [minimal.slice(0, -2), 'bad-line'],
    [`${minimal}\r\n`, 'bad-line'],
    [minimal.replace('s=-', 's=-\r'), 'bad-character'],
    [minimal.replace('s=-', 's=-\n'), 'bad-character'],
    [minimal.replace('s=-', 's=-\na=x'), 'bad-character'],
    [minimal.replace('s=-', 's=-\ra=x'), 'bad-character'],
    [minimal.replace('s=-', 's=\0'), 'bad-character'],
    [minimal.replace('s=-', 's=\t'), 'bad-character'],
    [minimal.replace('s=-', 's=\x7f'), 'bad-character'],
    [minimal.replace('s=-', 's=é'), 'bad-character'],
    [minimal.replace('s=-', 's=\u2028'), 'bad-character'],
    [minimal.replace('s=-', ''), 'bad-line'],
    [minimal.replace('s=-', ' s=-'), 'bad-line'],
    [minimal.replace('s=-', 'S=-'), 'bad-line'],
    [minimal.replace('s=-', 'session'), 'bad-line'],
  ];
  for (const [came, reason] of cases) assert.equal(refusal(came), reason, JSON.stringify(came));
});

test('[SP-22] rewrites the SDP head without the machine’s name and address', () => {
  const head = [
    'v=0',
    'o=mozilla...THIS_IS_SDPARTA-99.0 1800193416596550247 3 IN IP6 fd00::2',
    's=a name',
    'i=a title',
    'u=http://example.org/',
    'e=someone@example.org',
    'c=IN IP4 192.0.2.2',
    'b=AS:9000',
    't=3000000000 3000000001',
    'k=clear:secret',
  ];
  const media = AUDIO.with(1, 'c=IN IP6 fd00::2');
  const { sdp } = filtered(text(...head, ...media, 'b=AS:1', 'i=x'));
  const origin = 'o=- 1800193416596550247 3 IN IP4 0.0.0.0';
  assert.equal(sdp, text(...SESSION.with(1, origin), ...AUDIO));
});

test('[SP-22] rejects an SDP description with an invalid head', () => {
  for (const origin of ['o=', 'o=- 1 2 IN IP4', 'o=- a 2 IN IP4 x', 'o=- 1 2 IN IP5 x', 's=-']) {
    assert.equal(refusal(text(...SESSION.with(1, origin), ...AUDIO)), 'bad-origin', origin);
  }
  for (const origin of [
    'o=- 1 2 XX IP4 x',
    'o=- 1 2 IN IP4 x y',
    `o=- ${'1'.repeat(21)} 2 IN IP4 x`,
  ]) {
    assert.equal(refusal(text(...SESSION.with(1, origin), ...AUDIO)), 'bad-origin', origin);
  }
  assert.equal(refusal(text('v=1', ...SESSION.slice(1), ...AUDIO)), 'bad-origin');
  assert.equal(refusal(text(...AUDIO)), 'bad-origin');
});

test('[SP-23] accepts audio and video lines over DTLS and rewrites their port', () => {
  const mediaLine = (line: string): string | undefined =>
    filtered(text(...SESSION, ...VIDEO.with(0, line))).sdp.split('\r\n')[SESSION.length];
  const written = 'm=video 9 UDP/TLS/RTP/SAVPF 96 127';
  for (const port of ['9', '49170', '1', '65535', '00009']) {
    assert.equal(mediaLine(written.replace(' 9 ', ` ${port} `)), written);
  }
  const rejected = text(...SESSION, ...AUDIO, 'm=audio 0 UDP/TLS/RTP/SAVPF 0', 'c=IN IP4 0.0.0.0');
  assert.equal(
    filtered(rejected).sdp,
    rejected,
    'a rejected line stays rejected, and needs nothing',
  );

  const refused = ['m=', 'm=video', 'm=video 9', 'm=video 9 UDP/TLS/RTP/SAVPF', `${written} `];
  refused.push('m=video 9 UDP/TLS/RTP/SAVPF 128', 'm=video 9 UDP/TLS/RTP/SAVPF x');
  refused.push('m=video 9/2 UDP/TLS/RTP/SAVPF 96', 'm=video -1 UDP/TLS/RTP/SAVPF 96');
  refused.push('m=video 9 RTP/AVP 96', 'm=video 9 TCP/TLS/RTP/SAVPF 96', 'm=text 9 RTP/AVP 98');
  refused.push('m=image 9 udptl t38', 'm=message 9 TCP/MSRP *', 'm=video 9 UDP/DTLS/SCTP 96');
  refused.push('m=application 9 UDP/DTLS/SCTP 5000', 'm=application 9 UDP/BFCP *');
  refused.push('m=application 9 UDP/TLS/RTP/SAVPF webrtc-datachannel', 'm=__proto__ 9 x 96');
  for (const line of refused) {
    assert.equal(refusal(text(...SESSION, ...VIDEO.with(0, line))), 'bad-media-line', line);
  }
});

const HOST = 'a=candidate:77 1 UDP 5 192.0.2.2 5000 typ host generation 0';
const HOST_WRITTEN = 'a=candidate:1 1 udp 5 192.0.2.2 5000 typ host';

test('[SP-28] strips candidates and the end-of-candidates mark from SDP descriptions', () => {
  const came = text(...SESSION, ...AUDIO, HOST, 'a=end-of-candidates');
  const result = filtered(came, { candidates: 'strip' });
  assert.equal(result.sdp, minimal);
  assert.deepEqual(result.candidateRefusals, []);
});

test('[SP-28] filters candidates inside a description and returns why some were refused', () => {
  const stranger = 'a=candidate:78 1 udp 5 192.0.2.3 5000 typ host';
  const came = text(...SESSION, ...AUDIO, stranger, HOST, 'a=candidate', 'a=end-of-candidates');
  const result = filtered(came, { candidates: 'gate' });
  assert.equal(result.sdp, text(...SESSION, ...AUDIO, HOST_WRITTEN, 'a=end-of-candidates'));
  assert.deepEqual(result.candidateRefusals, ['host-address', 'malformed']);
});

test('[SP-28] drops the candidates of a rejected media line', () => {
  const rejected = ['m=audio 0 UDP/TLS/RTP/SAVPF 0', 'c=IN IP4 0.0.0.0'];
  const came = text(...SESSION, ...AUDIO, ...rejected, HOST, 'a=end-of-candidates');
  assert.equal(filtered(came, { candidates: 'gate' }).sdp, text(...SESSION, ...AUDIO, ...rejected));
});

test('[SP-28] candidates in descriptions and trickled candidates share one limit', () => {
  const gate = new CandidateGate(localPolicy);
  const srflx = (address: string): string =>
    `candidate:9 1 udp 5 ${address} 5000 typ srflx raddr 0.0.0.0 rport 0`;
  const offer = (ufrag: string, address: string): string =>
    text(...SESSION, ...AUDIO.with(2, `a=ice-ufrag:${ufrag}`), `a=${srflx(address)}`);
  const sent = (ufrag: string, address: string): readonly string[] =>
    filtered(offer(ufrag, address), { gate, candidates: 'gate' }).candidateRefusals;
  assert.deepEqual(sent('aaaa', '9.9.9.9'), []);
  assert.deepEqual(gate.pass(srflx('9.9.9.10')), { ok: false, reason: 'srflx-second' });
  assert.deepEqual(sent('aaaa', '9.9.9.10'), ['srflx-second'], 'negotiating is not restarting');
  filtered(offer('bbbb', '9.9.9.10'), { gate, candidates: 'strip' });
  assert.equal(gate.pass(srflx('9.9.9.10')).ok, true, 'a stripped description restarts as well');
  assert.equal(refusal(offer('cccc', '9.9.9.11').replace('v=0', 'v=1'), { gate }), 'bad-origin');
  assert.deepEqual(gate.pass(srflx('9.9.9.11')), { ok: false, reason: 'srflx-second' });
});

const isDataOnly = (sdp: string): boolean => !/^m=(?:audio|video)/m.test(sdp);

/**
 * Returns the filtered form expected of a description that offers a data channel. Of the data
 * channel's section, only the media line and its name stay.
 */
function withoutData(sdp: string): string {
  const sections = sdp.split(/^(?=m=)/m);
  const mids = sections.flatMap((section) =>
    section.startsWith('m=application') ? (/^a=mid:(.*)\r$/m.exec(section)?.[1] ?? []) : [],
  );
  const kept = sections.map((section) =>
    section.startsWith('m=application')
      ? section.replaceAll(/^(?!m=|a=mid:).*\r\n/gm, '')
      : section,
  );
  return kept
    .join('')
    .replace(/^a=group:BUNDLE.*$/m, (group) =>
      mids.reduce((line, mid) => line.replace(` ${mid}`, ''), group),
    );
}

test('[SP-32] rejects a data channel but keeps its media line', () => {
  const data = [...DATA, 'a=mid:2', 'a=sctp-port:5000', ...TRANSPORT, HOST];
  const group = 'a=group:BUNDLE 1 2';
  const came = text(...SESSION, group, ...AUDIO, 'a=mid:1', ...data);
  const rejected = ['m=application 0 UDP/DTLS/SCTP webrtc-datachannel', DATA[1] ?? '', 'a=mid:2'];
  const written = text(...SESSION, 'a=group:BUNDLE 1', ...AUDIO, 'a=mid:1', ...rejected);
  assert.equal(filtered(came, { candidates: 'gate' }).sdp, written);
  assert.equal(filtered(written, { candidates: 'gate' }).sdp, written, 'a second time, too');
  assert.equal(refusal(text(...SESSION, ...TRANSPORT, ...DATA)), 'no-live-media');
  for (const { name, type, sdp } of SDP_FIXTURES.filter((each) => isDataOnly(each.sdp))) {
    assert.equal(refusal(sdp, { type }), 'no-live-media', name);
  }
});

test('[SP-33] rejects a picture in a call that carries only sound', () => {
  const options = { candidates: 'gate', kinds: ['audio'] } as const;
  const came = text(...SESSION, 'a=group:BUNDLE 0 1', ...AUDIO, 'a=mid:0', ...VIDEO, 'a=mid:1');
  const rejected = ['m=video 0 UDP/TLS/RTP/SAVPF 96', 'c=IN IP4 0.0.0.0', 'a=mid:1'];
  const written = text(...SESSION, 'a=group:BUNDLE 0', ...AUDIO, 'a=mid:0', ...rejected);
  assert.equal(filtered(came, options).sdp, written);
  assert.equal(filtered(written, options).sdp, written, 'a second time, too');
  assert.equal(refusal(text(...SESSION, ...TRANSPORT, ...VIDEO), options), 'no-live-media');
});

test('[SP-30] removes only addresses, unused lines and names from browsers’ descriptions', () => {
  assert.equal(SDP_FIXTURES.length, 26);
  const isRewritten = (line: string): boolean => /^(o=|m=|c=|a=candidate:)/.test(line);
  const isIdle = (line: string): boolean => line.startsWith('a=rtcp:');
  const isName = (line: string): boolean => /^a=(?:msid\b|ssrc:\d+ msid:)/.test(line);
  for (const { name, type, sdp } of SDP_FIXTURES.filter((each) => !isDataOnly(each.sdp))) {
    const result = filtered(sdp, { type, candidates: 'gate' });
    const came = withoutData(sdp)
      .split('\r\n')
      .filter((line) => !isRewritten(line) && !isIdle(line) && !isName(line));
    const written = result.sdp.split('\r\n').filter((line) => !isRewritten(line));
    assert.deepEqual(written, came, name);
    assert.equal(result.fingerprints.length, 1, name);
  }
});

test('[SP-30] keeps Chromium’s UDP candidates and Firefox’s mDNS candidates', () => {
  const candidatesOf = (name: string): readonly string[] =>
    filtered(sdpFixture(name).sdp, { candidates: 'gate' })
      .sdp.split('\r\n')
      .filter((line) => line.startsWith('a=candidate'));
  assert.deepEqual(candidatesOf('chromium-offer-audio-video-data-gathered'), [
    'a=candidate:1 1 udp 2122194687 192.0.2.2 40374 typ host',
    'a=candidate:2 1 udp 2122265343 fd00::2 48296 typ host',
  ]);
  assert.deepEqual(candidatesOf('firefox-offer-audio-video-data-gathered'), [
    'a=candidate:1 1 udp 2122187007 5b266e35-1796-414f-ab13-f3c5485f10cb.local 42456 typ host',
    'a=candidate:2 1 udp 2122252543 46c55b3e-62d9-4a79-83a5-de58268caadd.local 37834 typ host',
  ]);
});
