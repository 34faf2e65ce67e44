import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { type ClientRequest, request } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'node:test';
import { ask, type HttpReply } from '@farandole/e2e/http';
import type { ReportReason } from '@farandole/protocol/fields';
import { REPORT_PICTURES_PATH } from '@farandole/protocol/http-api';
import { PICTURES_TYPE, packPictures } from '@farandole/protocol/report-pictures';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { smallJpeg } from '@farandole/protocol/testing/small-jpeg';
import { report } from './meeting.ts';
import { TestPage } from './test-page.ts';

export const RECORDED = {
  FARANDOLE_EVIDENCE_JURISDICTION: 'Nowhere',
  FARANDOLE_EVIDENCE_REGISTRATION: 'An authority of tests 1',
};

/** A text that every picture of these tests contains, and that occurs nowhere else. */
export const CANARY = 'canary-in-a-picture';

export const someBody = (count = 2): Uint8Array<ArrayBuffer> =>
  packPictures(
    Array.from({ length: count }, (_, at) => ({
      agoMs: 500 * (count - at),
      bytes: smallJpeg({ data: `${CANARY}-${at}` }),
    })),
  );

/**
 * Makes two new users match and one report the other.
 * @returns the acknowledgement of the report
 */
export async function fileReport(
  t: TestContext,
  port: number,
  name: string,
  reason: ReportReason = 'hate',
): Promise<ServerMessageOf<'report.accepted'>> {
  const pages = [new TestPage(t, port), new TestPage(t, port)] as const;
  const accepted = await report(...pages, { id: `report-${name}`, reason });
  for (const page of pages) page.socket.close();
  return accepted;
}

export interface Upload {
  readonly token?: string;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

const headersOf = (port: number, token: string | undefined): Readonly<Record<string, string>> => ({
  Origin: `http://localhost:${port}`,
  'Content-Type': PICTURES_TYPE,
  ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
});

export async function upload(port: number, { token, body, headers }: Upload): Promise<HttpReply> {
  return await ask({
    method: 'POST',
    port,
    path: REPORT_PICTURES_PATH,
    headers: { ...headersOf(port, token), ...headers },
    body: Buffer.from(body ?? someBody()),
  });
}

export function beginUpload(t: TestContext, port: number, token: string): ClientRequest {
  const body = someBody();
  const sent = request({
    method: 'POST',
    host: '127.0.0.1',
    port,
    path: REPORT_PICTURES_PATH,
    headers: {
      Host: `localhost:${port}`,
      'Content-Length': body.length,
      ...headersOf(port, token),
    },
    agent: false,
  });
  // The request stays unfinished until the server or the end of the test closes it.
  sent.on('error', () => {});
  t.after(() => sent.destroy());
  sent.write(body.subarray(0, -1));
  return sent;
}

export async function reportWithPictures(
  t: TestContext,
  port: number,
  name: string,
): Promise<void> {
  const { pictures } = await fileReport(t, port, name);
  assert.ok(pictures !== undefined);
  const answer = await upload(port, { token: pictures });
  assert.equal(answer.status, 201, answer.text());
}

/** Moves the stored pictures to files, as earlier versions kept them. Returns their folder. */
export async function asFiles(dataDir: string): Promise<string> {
  const folder = join(dataDir, 'pictures');
  await mkdir(folder, { mode: 0o700 });
  using database = new DatabaseSync(join(dataDir, 'store.sqlite'));
  for (const { id, sealed } of database.prepare('select id, sealed from picture_bytes').all()) {
    await writeFile(join(folder, `${String(id)}.sealed`), sealed as Uint8Array, { mode: 0o600 });
  }
  database.exec('delete from picture_bytes');
  return folder;
}
