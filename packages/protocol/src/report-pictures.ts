import { ok, type Result, refused } from '@farandole/kernel/result';
import {
  PICTURE_AGO_MS_MAX,
  PICTURE_BYTES_MAX,
  PICTURE_SIDE_MAX,
  REPORT_PICTURES_MAX,
} from './limits.ts';

/**
 * Content type of POST `/api/report-pictures`, which the bearer token of `report.accepted`
 * authorizes. For each picture, the body contains its age before the report in ms and its size
 * in bytes, as two unsigned big-endian 32-bit integers, and then its bytes. Neither side decodes
 * a picture. Both parse the JPEG markers to check format, size and absence of metadata.
 */
export const PICTURES_TYPE = 'application/vnd.farandole.pictures';

export interface ReportPicture {
  readonly agoMs: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Response to an upload of pictures. Status 201 means that they were stored. Status 200 means
 * that they were ignored, because the report already has pictures.
 */
export interface ReportPicturesReply {
  readonly kept: number;
}

const HEAD_BYTES = 8;

export function packPictures(pictures: readonly ReportPicture[]): Uint8Array<ArrayBuffer> {
  const byteLength = pictures.reduce((sum, { bytes }) => sum + HEAD_BYTES + bytes.length, 0);
  const body = new Uint8Array(byteLength);
  const view = new DataView(body.buffer);
  let at = 0;
  for (const { agoMs, bytes } of pictures) {
    view.setUint32(at, agoMs);
    view.setUint32(at + 4, bytes.length);
    body.set(bytes, at + HEAD_BYTES);
    at += HEAD_BYTES + bytes.length;
  }
  return body;
}

export function unpackPictures(
  body: Uint8Array<ArrayBuffer>,
): Result<readonly ReportPicture[], 'malformed' | 'too-many' | 'too-large' | 'not-plain'> {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const pictures: ReportPicture[] = [];
  for (let at = 0; at < body.length; ) {
    if (pictures.length >= REPORT_PICTURES_MAX) return refused('too-many');
    if (at + HEAD_BYTES > body.length) return refused('malformed');
    const agoMs = view.getUint32(at);
    const byteLength = view.getUint32(at + 4);
    const end = at + HEAD_BYTES + byteLength;
    if (byteLength > PICTURE_BYTES_MAX) return refused('too-large');
    if (agoMs > PICTURE_AGO_MS_MAX || end > body.length) return refused('malformed');
    const bytes = body.subarray(at + HEAD_BYTES, end);
    if (withoutMetadata(bytes)?.length !== bytes.length) return refused('not-plain');
    pictures.push({ agoMs, bytes });
    at = end;
  }
  return pictures.length > 0 ? ok(pictures) : refused('malformed');
}

const MARKER = {
  startOfFrame: 0xc0,
  huffmanTables: 0xc4,
  firstRestart: 0xd0,
  lastRestart: 0xd7,
  startOfImage: 0xd8,
  endOfImage: 0xd9,
  startOfScan: 0xda,
  quantisationTables: 0xdb,
  restartInterval: 0xdd,
  jfif: 0xe0,
  firstApplication: 0xe1,
  lastApplication: 0xef,
  comment: 0xfe,
} as const;

/** Length of a JFIF segment without a thumbnail. */
const JFIF_BYTES = 16;

/**
 * Removes metadata from a baseline JPEG (ITU-T T.81, annex B) with a single scan, in grey or
 * colour. Returns null for any other format, for an oversized picture, and for data after the
 * end of the picture.
 */
export function withoutMetadata(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  if (bytes[0] !== 0xff || bytes[1] !== MARKER.startOfImage) return null;
  const kept: Uint8Array<ArrayBuffer>[] = [bytes.subarray(0, 2)];
  let isSized = false;
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = bytes[at + 1] ?? 0;
    const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    const end = at + 2 + length;
    if (bytes[at] !== 0xff || length < 2 || end > bytes.length) return null;
    const segment = bytes.subarray(at, end);
    switch (marker) {
      case MARKER.jfif:
        if (at !== 2 || length !== JFIF_BYTES) return null;
        break;
      case MARKER.startOfFrame:
        if (isSized || !isSmallFrame(segment)) return null;
        isSized = true;
        break;
      case MARKER.huffmanTables:
      case MARKER.quantisationTables:
      case MARKER.restartInterval:
        break;
      case MARKER.startOfScan:
        if (!isSized || !isOneScan(bytes, end)) return null;
        return joined([...kept, bytes.subarray(at)]);
      default:
        if (!isMetadata(marker)) return null;
        at = end;
        continue;
    }
    kept.push(segment);
    at = end;
  }
  return null;
}

function isMetadata(marker: number): boolean {
  const { firstApplication, lastApplication, comment } = MARKER;
  return marker === comment || (marker >= firstApplication && marker <= lastApplication);
}

/**
 * Whether a frame header has eight bits per sample, one or three components, and a picture size
 * within the limits.
 */
function isSmallFrame(segment: Uint8Array): boolean {
  const [, , , , precision, highY = 0, lowY = 0, highX = 0, lowX = 0, components] = segment;
  const height = (highY << 8) | lowY;
  const width = (highX << 8) | lowX;
  const isSmall = (side: number): boolean => side > 0 && side <= PICTURE_SIDE_MAX;
  return precision === 8 && isSmall(height) && isSmall(width) && [1, 3].includes(components ?? 0);
}

/**
 * Whether the bytes are only entropy-coded data up to the end marker, and this marker is the
 * last byte.
 */
function isOneScan(bytes: Uint8Array, from: number): boolean {
  const last = bytes.length - 2;
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] !== 0xff) continue;
    const next = bytes[at + 1] ?? 0;
    if (next === MARKER.endOfImage) return at === last;
    const isData = next === 0 || (next >= MARKER.firstRestart && next <= MARKER.lastRestart);
    if (!isData) return false;
    at += 1;
  }
  return false;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
