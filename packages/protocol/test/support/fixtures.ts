import { readdirSync, readFileSync } from 'node:fs';

export type Edge = 'client' | 'server';
export type Frame = Readonly<Record<string, unknown>> & { readonly type: string };

const folder = (edge: Edge): URL => new URL(`../../fixtures/${edge}/`, import.meta.url);

/**
 * Names of the fixtures. A name is the type of the message, for a second frame of a type with `+`
 * and the field that the frame shows.
 */
export function fixtureNames(edge: Edge): readonly string[] {
  return readdirSync(folder(edge))
    .map((file) => file.replace(/\.json$/, ''))
    .sort();
}

export function fixtureTypes(edge: Edge): readonly string[] {
  return fixtureNames(edge).filter((name) => !name.includes('+'));
}

export function readFixture(edge: Edge, name: string): Frame {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder(edge)), 'utf8')) as Frame;
}
