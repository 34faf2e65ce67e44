/**
 * Parts of a test JPEG. By default the JPEG is the smallest that a report accepts, eight pixels
 * wide.
 */
export interface JpegParts {
  readonly width?: number;
  readonly height?: number;
  /** Scan data, in which no byte may be 255. */
  readonly data?: string;
  /** Additional segments after the first one, complete with their markers. */
  readonly besides?: readonly (readonly number[])[];
}

/**
 * Returns a JPEG with valid markers around arbitrary data. Only a decoder could detect that the
 * data is no picture.
 */
export function smallJpeg(parts: JpegParts = {}): Uint8Array<ArrayBuffer> {
  const { width = 8, height = 8, data = 'a scan', besides = [] } = parts;
  const word = (value: number): number[] => [value >> 8, value & 0xff];
  return Uint8Array.from([
    ...[0xff, 0xd8],
    ...[0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0],
    ...besides.flat(),
    ...[0xff, 0xdb, 0, 3, 0],
    ...[0xff, 0xc0, 0, 11, 8, ...word(height), ...word(width), 1, 1, 0x11, 0],
    ...[0xff, 0xc4, 0, 3, 0],
    ...[0xff, 0xda, 0, 8, 1, 1, 0, 0, 0x3f, 0],
    ...Array.from(data, (letter) => letter.charCodeAt(0)),
    ...[0xff, 0xd9],
  ]);
}
