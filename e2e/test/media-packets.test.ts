import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentMedia } from '../audit/media-packets.ts';
import { type Packet, TCP, UDP } from '../audit/packets.ts';

const HOME = '45.111.77.13';

/** Returns a datagram of a home to a TURN server, unless the test changes it. */
function datagram(payload: Buffer, { source = HOME, port = 3478, protocol = UDP } = {}): Packet {
  const ip = { source, destination: '45.110.77.40', protocol };
  return { ip, ports: { source: 50_000, destination: port }, payload, frame: payload };
}

/** Returns an RTP packet. `marker` is the marker bit (RFC 3550, section 5.1). */
function rtp(payloadType: number, marker = false): Buffer {
  return Buffer.concat([Buffer.of(0x90, payloadType | (marker ? 0x80 : 0)), Buffer.alloc(40)]);
}

function channelData(data: Buffer): Buffer {
  const header = Buffer.from([0x40, 0x01, 0, 0]);
  header.writeUInt16BE(data.length, 2);
  return Buffer.concat([header, data, Buffer.alloc(2)]);
}

function sendIndication(data: Buffer): Buffer {
  const attribute = Buffer.from([0x00, 0x13, 0, 0]);
  attribute.writeUInt16BE(data.length, 2);
  const padding = Buffer.alloc((4 - (data.length % 4)) % 4);
  const head = Buffer.alloc(20);
  head.writeUInt16BE(0x0016, 0);
  head.writeUInt16BE(attribute.length + data.length + padding.length, 2);
  head.writeUInt32BE(0x2112a442, 4);
  return Buffer.concat([head, attribute, data, padding]);
}

test('counts RTP packets by payload type, plain and on their way to a relay', () => {
  const packets = [
    datagram(rtp(111), { port: 40_000 }),
    datagram(channelData(rtp(111, true))),
    datagram(sendIndication(rtp(96))),
    datagram(channelData(rtp(96, true))),
    datagram(channelData(rtp(97))),
  ];
  assert.deepEqual(
    [...sentMedia(packets, HOME)],
    [
      [111, 2],
      [96, 2],
      [97, 1],
    ],
  );
});

test('counts neither packets of others nor other protocols', () => {
  const rtcp = Buffer.concat([Buffer.of(0x80, 200), Buffer.alloc(40)]);
  const dtls = Buffer.concat([Buffer.of(22, 254, 253), Buffer.alloc(40)]);
  const packets = [
    datagram(rtp(111), { source: '45.112.77.23' }),
    datagram(rtp(111), { protocol: TCP }),
    datagram(rtp(111), { port: 53 }),
    datagram(channelData(rtp(111)), { port: 443 }),
    datagram(rtcp),
    datagram(channelData(rtcp)),
    datagram(channelData(dtls)),
    datagram(sendIndication(dtls)),
    datagram(channelData(rtp(111).subarray(0, 11))),
  ];
  assert.deepEqual([...sentMedia(packets, HOME)], []);
});
