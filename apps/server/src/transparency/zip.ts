import { crc32 } from 'node:zlib';
import type { FileOfReport } from './template-parts.ts';

const LOCAL_SIGNATURE = 0x04034b50;
const CENTRAL_SIGNATURE = 0x02014b50;
const END_SIGNATURE = 0x06054b50;
const VERSION = 20;
/** Names are UTF-8. */
const FLAGS = 0x0800;
/** 1 January 1980, the first day that the format has: when a file was made is not told. */
const FIRST_DAY = 0x0021;

/** A few small files as one, stored as they are (PKWARE APPNOTE 6.3.10). */
export function zip(files: readonly FileOfReport[]): Buffer<ArrayBuffer> {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, text } of files) {
    const path = Buffer.from(name);
    const content = Buffer.from(text);
    const facts = factsOf(path, content);
    const local = Buffer.concat([number(LOCAL_SIGNATURE, 4), facts, path, content]);
    // Of the entry: no comment, the first disk, no attributes, and where the file is.
    directory.push(
      number(CENTRAL_SIGNATURE, 4),
      number(VERSION, 2),
      facts,
      Buffer.alloc(10),
      number(offset, 4),
      path,
    );
    bodies.push(local);
    offset += local.length;
  }
  const entries = Buffer.concat(directory);
  return Buffer.concat([
    ...bodies,
    entries,
    number(END_SIGNATURE, 4),
    Buffer.alloc(4),
    number(files.length, 2),
    number(files.length, 2),
    number(entries.length, 4),
    number(offset, 4),
    Buffer.alloc(2),
  ]);
}

/** What both records of a file begin with. */
function factsOf(path: Buffer, content: Buffer): Buffer {
  return Buffer.concat([
    number(VERSION, 2),
    number(FLAGS, 2),
    number(0, 2),
    number(0, 2),
    number(FIRST_DAY, 2),
    number(crc32(content), 4),
    number(content.length, 4),
    number(content.length, 4),
    number(path.length, 2),
    number(0, 2),
  ]);
}

function number(value: number, bytes: 2 | 4): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, bytes);
  return buffer;
}
