import { ok, type Result } from '@farandole/kernel/result';
import {
  OWN_WARNING_PATH,
  type OwnWarning,
  type OwnWarningReply,
  REPORT_OUTCOME_PATH,
  REPORT_PICTURES_PATH,
  type ReportOutcome,
  type ReportOutcomeReply,
  type ReportOutcomeRequest,
} from '@farandole/protocol/http-api';
import { PICTURES_TYPE } from '@farandole/protocol/report-pictures';
import type { KeyValueStore } from '../base/ports.ts';
import { ask, browserClock, browserScheduler, post } from '../signal/browser-signal.ts';
import type { ApiFault } from '../signal/ports.ts';
import { IndexedRecords } from './indexed-records.ts';
import { OwnBlocks } from './own-blocks.ts';
import { putAwayIn, Records } from './records.ts';
import { drawJpeg, StrangerPictures } from './stranger-pictures.ts';

/** Sends the browser's reports, blocks and pictures. The page loads this file on first use. */

/**
 * Timeout of an upload in ms. It is slightly longer than the server's own timeout, so that the
 * server's reply still arrives on a slow upload.
 */
const UPLOAD_TIMEOUT_MS = 65_000;

export async function openBrowserRecords(store: KeyValueStore): Promise<Records> {
  return await Records.open({
    store: new IndexedRecords(indexedDB),
    clock: browserClock,
    askOutcome: askReportOutcome,
    askWarning: askOwnWarning,
    warned: putAwayIn(store),
  });
}

export async function openBrowserBlocks(): Promise<OwnBlocks> {
  return await OwnBlocks.open(new IndexedRecords(indexedDB));
}

export function openBrowserPictures(isThere: () => boolean): StrangerPictures {
  return new StrangerPictures({
    clock: browserClock,
    scheduler: browserScheduler,
    isThere,
    encode: drawJpeg,
    upload: sendReportPictures,
  });
}

/**
 * Queries the server for the outcome of a report. Sends no cookie, so that the server can't link
 * the report to the user.
 */
async function askReportOutcome(outcome: string): Promise<Result<ReportOutcome>> {
  const request: ReportOutcomeRequest = { outcome };
  const told = await post<ReportOutcomeReply>(REPORT_OUTCOME_PATH, request, 'omit');
  return told.ok ? ok(told.value.state) : told;
}

/**
 * Queries the server for a warning to this user. Sends the cookie, because it identifies the
 * user.
 */
async function askOwnWarning(): Promise<Result<OwnWarning | null>> {
  const told = await post<OwnWarningReply>(OWN_WARNING_PATH, {});
  return told.ok ? ok(told.value.warning) : told;
}

/** Uploads the pictures of a report. Sends no cookie, because the report's token is enough. */
async function sendReportPictures(
  token: string,
  body: Uint8Array<ArrayBuffer>,
): Promise<Result<true, ApiFault>> {
  const headers = { 'content-type': PICTURES_TYPE, authorization: `Bearer ${token}` };
  const init: RequestInit = { headers, body, credentials: 'omit' };
  const sent = await ask(REPORT_PICTURES_PATH, init, UPLOAD_TIMEOUT_MS);
  return sent.ok ? ok(true) : sent;
}
