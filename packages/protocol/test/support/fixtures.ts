import { readdirSync, readFileSync } from 'node:fs';

export type Edge = 'client' | 'server';
export type Frame = Readonly<Record<string, unknown>> & { readonly type: string };

const folder = (edge: Edge): URL => new URL(`../../fixtures/${edge}/`, import.meta.url);

export function fixtureTypes(edge: Edge): readonly string[] {
  return readdirSync(folder(edge))
    .map((file) => file.replace(/\.json$/, ''))
    .sort();
}

export function readFixture(edge: Edge, type: string): Frame {
  return JSON.parse(readFileSync(new URL(`${type}.json`, folder(edge)), 'utf8')) as Frame;
}
