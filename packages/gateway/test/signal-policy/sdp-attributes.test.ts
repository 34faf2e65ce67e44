import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ICE_PASSWORD_CHARS_MAX,
  ICE_PASSWORD_CHARS_MIN,
  UFRAG_CHARS_MAX,
  UFRAG_CHARS_MIN,
} from '@farandole/gateway/signal-policy/limits';
import {
  AUDIO,
  DIGEST,
  filtered,
  refusal,
  SESSION,
  TRANSPORT,
  text,
  VIDEO,
} from './sdp-harness.ts';

/**
 * Adds an attribute line to a video section. Returns the line as the filter rewrites it, or null
 * if the filter drops it.
 */
function attribute(line: string): string | null {
  const { sdp } = filtered(text(...SESSION, ...VIDEO, line));
  const lines = sdp.split('\r\n');
  assert.deepEqual(lines.slice(0, SESSION.length + VIDEO.length), [...SESSION, ...VIDEO]);
  assert.ok(lines.length <= SESSION.length + VIDEO.length + 2);
  return lines[SESSION.length + VIDEO.length] || null;
}

test('[SP-24] keeps SDP attributes that browsers need', () => {
  const lines = ['a=mid:0', 'a=mid:{5b26-x}', 'a=rtcp-rsize'];
  lines.push('a=sendrecv', 'a=sendonly', 'a=recvonly', 'a=inactive', 'a=bundle-only');
  lines.push('a=rtcp-mux-only', 'a=extmap-allow-mixed', 'a=rtcp-xr:rcvr-rtt=all', 'a=ptime:20');
  lines.push('a=rtpmap:111 opus/48000/2', 'a=rtpmap:96 VP8/90000', 'a=rtcp-fb:* transport-cc');
  lines.push('a=rtcp-fb:0000000127 nack', `a=rtcp-fb:0${' x'.repeat(7)}`);
  lines.push('a=rtcp-fb:96 nack pli', 'a=ssrc:4283891480 cname:oT/0psI8TWl6TOuK');
  lines.push('a=ssrc-group:FID 1 2', 'a=ssrc-group:SIM 1 2 3', 'a=rid:hi send');
  lines.push('a=simulcast:send hi;mid,~lo', 'a=maxptime:60');
  lines.push('a=ice-options:trickle renomination', 'a=fmtp:101 0-15', 'a=fmtp:63 111/111');
  lines.push('a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f');
  lines.push(
    'a=fmtp:111 minptime=10;useinbandfec=1;stereo=1;sprop-stereo=1;maxaveragebitrate=510000',
  );
  for (const line of lines) assert.equal(attribute(line), line);
});

test('[SP-24] drops unknown, misplaced or malformed SDP attributes', () => {
  const lines = [
    'a=',
    'a=:',
    'a=x',
    'a=x:y',
    'a=MID:0',
    'a= mid:0',
    'a=group:BUNDLE 0',
    'a=__proto__:1',
  ];
  lines.push('a=rtcp:9 IN IP4 192.0.2.2', 'a=remote-candidates:1 192.0.2.2 5000', 'a=ice-lite');
  lines.push('a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x', 'a=identity:eyJ', 'a=tool:x 1.2.3.4');
  lines.push('a=source-filter: incl IN IP4 * 192.0.2.2', 'a=rtcp-xr:voip-metrics', 'a=sendrecv:x');
  lines.push(
    'a=mid:a.b',
    'a=mid:',
    'a=mid',
    'a=mid:::1',
    'a=msid:192.0.2.2 x',
    'a=msid: x',
    'a=rtcp-mux:',
  );
  lines.push(
    'a=ssrc:1 cname:192.0.2.2',
    'a=ssrc:1 cname:::1',
    'a=ssrc:x cname:y',
    'a=ssrc:1 label:x',
  );
  lines.push('a=ssrc:1 cname', 'a=ssrc-group:FOO 1 2', 'a=rid:hi send pt=96', 'a=rid:a.b send');
  lines.push(
    'a=rtpmap:128 a.b/1',
    `a=rtcp-fb:96${' x'.repeat(8)}`,
    'a=rtcp-fb:96  nack',
    'a=rtpmap:96 VP8',
    'a=rtcp-fb:128 nack',
    'a=rtcp-fb:96',
    'a=ptime:x',
  );
  lines.push('a=ice-options:', 'a=ice-options:none', 'a=simulcast:a.b', 'a=sctp-port:-1');
  lines.push('a=end-of-candidates', 'a=candidate:1 1 udp 1 192.0.2.2 5000 typ host');
  for (const line of lines) {
    const isFlagWithEmptyValue = line === 'a=rtcp-mux:';
    assert.equal(attribute(line), isFlagWithEmptyValue ? 'a=rtcp-mux' : null, line);
  }
});

test('[SP-31] drops stream and track names, because they could identify a user', () => {
  const track = '6edd1025-07ef-4861-bfd6-b0426bcaaf4e';
  for (const line of [`a=msid:- ${track}`, `a=msid:{a-1} {${track}}`, `a=ssrc:1 msid:- ${track}`]) {
    assert.equal(attribute(line), null, line);
  }
  const semantic = `a=msid-semantic: WMS ${track}`;
  assert.equal(filtered(text(...SESSION, semantic, ...AUDIO)).sdp, text(...SESSION, ...AUDIO));
});

test('[SP-24] keeps only listed SDP attributes in the session part', () => {
  const written = ['a=sendrecv', 'a=group:BUNDLE 0 1', 'a=ice-options:trickle'];
  const dropped = [
    'a=mid:0',
    'a=group:LS 0 1',
    'a=msid-semantic:X y',
    'a=rtcp-mux',
    'a=group:BUNDLE a.b',
  ];
  dropped.push('a=candidate:1 1 udp 1 192.0.2.2 5000 typ host', 'a=end-of-candidates');
  const result = filtered(text(...SESSION, ...written, ...dropped, ...AUDIO), {
    candidates: 'gate',
  });
  assert.equal(result.sdp, text(...SESSION, ...written, ...AUDIO));
  assert.deepEqual(result.candidateRefusals, []);
});

test('[SP-25] requires a complete fingerprint of a secure hash function', () => {
  const of = (hash: string, bytes: number): string =>
    `${hash} ${Array.from({ length: bytes }, () => 'AB').join(':')}`;
  const withFingerprint = (value: string): string =>
    text(...SESSION, ...AUDIO.with(4, `a=fingerprint:${value}`));
  const good = [of('sha-256', 32), of('sha-384', 48), of('sha-512', 64)];
  for (const value of good) {
    assert.deepEqual(filtered(withFingerprint(value)).fingerprints, [value]);
  }
  assert.deepEqual(
    filtered(withFingerprint(of('SHA-256', 32).toLowerCase().replace('sha', 'Sha'))).fingerprints,
    [of('sha-256', 32)],
    'one and the same is always written the same',
  );
  const bad = [of('sha-1', 20), of('md5', 16), of('sha-256', 31), of('sha-256', 33), '', 'sha-256'];
  bad.push(of('sha-384', 32), of('sha-256', 32).replace('AB', 'AG'), `${of('sha-256', 32)} `);
  bad.push(of('sha-256', 32).replaceAll(':', ''), of('sha-256', 32).replace('AB', 'A'));
  for (const value of bad) assert.equal(refusal(withFingerprint(value)), 'bad-fingerprint', value);
});

test('[SP-25] requires and returns a DTLS fingerprint for each live media line', () => {
  const without = AUDIO.filter((line) => !line.startsWith('a=fingerprint'));
  assert.equal(refusal(text(...SESSION, ...without)), 'no-fingerprint');
  assert.equal(refusal(text(...SESSION, ...VIDEO, ...without)), 'no-fingerprint');
  const session = `a=fingerprint:sha-256 ${DIGEST}`;
  const other = `sha-256 ${DIGEST.replace('A0', '00')}`;
  const all = text(...SESSION, session, ...without, ...AUDIO, ...AUDIO, `a=fingerprint:${other}`);
  assert.deepEqual(filtered(all).fingerprints, [`sha-256 ${DIGEST}`, other]);
});

test('[SP-26] requires DTLS role actpass in offers, active or passive in answers', () => {
  const withSetup = (role: string): string => text(...SESSION, ...AUDIO.with(5, `a=setup:${role}`));
  assert.equal(refusal(withSetup('actpass'), { type: 'offer' }), null);
  assert.equal(refusal(withSetup('actpass'), { type: 'answer' }), 'bad-setup');
  for (const role of ['active', 'passive']) {
    assert.equal(refusal(withSetup(role), { type: 'offer' }), 'bad-setup');
    assert.equal(refusal(withSetup(role), { type: 'answer' }), null);
  }
  for (const role of ['holdconn', '', 'ACTPASS', 'actpass ']) {
    for (const type of ['offer', 'answer'] as const) {
      assert.equal(refusal(withSetup(role), { type }), 'bad-setup', role);
    }
  }
  assert.equal(refusal(text(...SESSION, ...AUDIO.toSpliced(5, 1))), 'no-setup');
  assert.equal(refusal(text(...SESSION, 'a=setup:active', ...AUDIO)), 'bad-setup');
});

test('[SP-27] requires valid ICE credentials on a live media line', () => {
  const withLine = (index: number, line: string): string =>
    text(...SESSION, ...AUDIO.with(index, line));
  const cases: readonly (readonly [index: number, name: string, min: number, max: number])[] = [
    [2, 'ice-ufrag', UFRAG_CHARS_MIN, UFRAG_CHARS_MAX],
    [3, 'ice-pwd', ICE_PASSWORD_CHARS_MIN, ICE_PASSWORD_CHARS_MAX],
  ];
  for (const [index, name, min, max] of cases) {
    const of = (length: number): string => withLine(index, `a=${name}:${'+'.repeat(length)}`);
    assert.equal(refusal(of(min)), null);
    assert.equal(refusal(of(min - 1)), 'bad-ice-credentials');
    assert.equal(refusal(of(max)), null);
    assert.equal(refusal(of(max + 1)), 'bad-ice-credentials');
    assert.equal(refusal(withLine(index, `a=${name}:${'a.'.repeat(16)}`)), 'bad-ice-credentials');
    assert.equal(refusal(withLine(index, 'a=inactive')), 'no-ice-credentials');
  }
  const session = text(...SESSION, ...TRANSPORT, ...AUDIO.slice(0, 2), 'a=rtcp-mux');
  assert.equal(filtered(session).sdp, session, 'the session may hold them for all');
});

test('[SP-27] requires RTCP multiplexing for audio and video', () => {
  assert.equal(refusal(text(...SESSION, ...VIDEO.toSpliced(2, 1))), 'no-rtcp-mux');
  const waiting = VIDEO.with(0, 'm=video 0 UDP/TLS/RTP/SAVPF 96');
  assert.equal(refusal(text(...SESSION, ...AUDIO, ...waiting.toSpliced(2, 1))), null, 'rejected');
  const bundled = [...waiting.toSpliced(2, 1), 'a=bundle-only'];
  assert.equal(
    refusal(text(...SESSION, ...AUDIO, ...bundled)),
    'no-rtcp-mux',
    'bundled lines live',
  );
});

test('[SP-29] keeps SDP format parameters that describe codec capabilities', () => {
  assert.equal(
    attribute('a=fmtp:96 max-fs=1;x-google-min-bitrate=90000;max-fr=60;x=1.2.3.4'),
    'a=fmtp:96 max-fs=1;max-fr=60',
  );
  const dropped = [
    'a=fmtp:96',
    'a=fmtp:96 ',
    'a=fmtp:128 apt=96',
    'a=fmtp:96 x-google-max-bitrate=1',
  ];
  dropped.push('a=fmtp:96 apt=1.2.3.4', 'a=fmtp:96 apt=::1', 'a=fmtp:96 apt', 'a=fmtp:x apt=1');
  for (const line of dropped) assert.equal(attribute(line), null, line);
});

test('[SP-29] accepts only header extensions with known prefixes', () => {
  const kept = ['urn:ietf:params:rtp-hdrext:sdes:mid', 'urn:ietf:params:rtp-hdrext:toffset'];
  kept.push(
    'urn:3gpp:video-orientation',
    'http://www.webrtc.org/experiments/rtp-hdrext/color-space',
  );
  kept.push('http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01');
  kept.push(
    'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension',
  );
  for (const uri of kept) assert.equal(attribute(`a=extmap:3 ${uri}`), `a=extmap:3 ${uri}`);
  const recvonly = `a=extmap:14/recvonly ${kept[1]}`;
  assert.equal(attribute(recvonly), recvonly);
  const dropped = [
    'http://192.0.2.2/x',
    'urn:x:y',
    'urn:3gpp:::1',
    'urn:3gpp:a.b',
    'urn:3gpp:',
    '',
  ];
  dropped.push(`${kept[0]} more`, 'http://www.webrtc.org.example.org/experiments/rtp-hdrext/x');
  for (const uri of dropped) assert.equal(attribute(`a=extmap:3 ${uri}`), null, uri);
  for (const id of ['x', '3/', '3/both', '']) {
    assert.equal(attribute(`a=extmap:${id} ${kept[0]}`), null, id);
  }
});
