import { readFile } from 'node:fs/promises';
import type { IpAddress } from '@farandole/gateway/signal-policy/address';
import { RENTED_FILE_BYTES_MAX } from '../limits.ts';
import { codeOf, StartError } from '../start-error.ts';
import { type AddressRange, parseAddressRange, prefixOf } from './address-range.ts';

/**
 * Address ranges that anyone can rent. A lookup costs one step per distinct prefix length in the
 * file.
 */
export class RentedRanges {
  /** Prefixes of the rented ranges, grouped by address family and length. */
  readonly #prefixes = new Map<string, { readonly bits: number; readonly texts: Set<string> }>();

  constructor(ranges: readonly AddressRange[]) {
    for (const { family, words, prefixBits: bits } of ranges) {
      const key = `${family}/${bits}`;
      const known = this.#prefixes.get(key) ?? { bits, texts: new Set<string>() };
      known.texts.add(prefixOf({ words }, bits));
      this.#prefixes.set(key, known);
    }
  }

  has(address: IpAddress): boolean {
    for (const [key, { bits, texts }] of this.#prefixes) {
      if (key === `${address.family}/${bits}` && texts.has(prefixOf(address, bits))) return true;
    }
    return false;
  }
}

/** @throws StartError if the file can't be read or a line isn't an address range */
export async function readRentedRanges(path: string): Promise<RentedRanges> {
  const right = 'Give a text file with one range per line, such as 192.0.2.0/24 or 2001:db8::/32.';
  const subject = `FARANDOLE_RENTED_RANGES is ${JSON.stringify(path)},`;
  const file = await readFile(path).catch((error: unknown) => {
    throw new StartError(
      `${subject} which can't be read (${codeOf(error) ?? 'unknown'}). ${right}`,
    );
  });
  if (file.length > RENTED_FILE_BYTES_MAX) {
    throw new StartError(
      `${subject} which is larger than ${RENTED_FILE_BYTES_MAX} bytes. ${right}`,
    );
  }
  const ranges: AddressRange[] = [];
  for (const [at, line] of file.toString('utf8').split('\n').entries()) {
    const text = line.replace(/#.*/s, '').trim();
    if (text === '') continue;
    const range = parseAddressRange(text);
    if (range === null) {
      throw new StartError(`${subject} and its line ${at + 1} is no range. ${right}`);
    }
    ranges.push(range);
  }
  return new RentedRanges(ranges);
}
