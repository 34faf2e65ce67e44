import { ok, type Result } from '@farandole/kernel/result';
import {
  OWN_DATA_PATH,
  type OwnDataAct,
  type OwnDataCodeReply,
  type OwnDataErasedReply,
  type OwnDataRequest,
} from '@farandole/protocol/http-api';
import type { AskOwnData, OwnDataAnswer } from '../report/own-data.ts';
import { browserApi, post } from './browser-signal.ts';
import type { ApiFault } from './ports.ts';

const FILE_NAME = 'farandole.json';
/** The browser has started the download after this time, so the file can be released. */
const FILE_KEPT_MS = 60_000;

/** With a recovery code no cookie is sent, because the code may belong to another user. */
export const askOwnData: AskOwnData = async (act, code) => {
  if (code !== null) return await send(act, { do: act, code }, 'omit');
  const given = await browserApi.sessionTicket();
  if (!given.ok) return given;
  return await send(act, { do: act, ticket: given.value.ticket }, 'same-origin');
};

async function send(
  act: OwnDataAct,
  request: OwnDataRequest,
  credentials: RequestCredentials,
): Promise<Result<OwnDataAnswer, ApiFault>> {
  const answered = await post<object>(OWN_DATA_PATH, request, credentials);
  if (!answered.ok) return answered;
  // The reply isn't validated, because the page trusts its own server.
  if (act === 'code') return ok({ did: 'code', code: (answered.value as OwnDataCodeReply).code });
  if (act === 'erase') {
    return ok({ did: 'erase', waits: (answered.value as OwnDataErasedReply).waits });
  }
  saveFile(JSON.stringify(answered.value, null, 2));
  return ok({ did: 'export' });
}

function saveFile(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = FILE_NAME;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), FILE_KEPT_MS);
}
