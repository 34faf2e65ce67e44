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

/** What a person saves, and opens again in whatever they like. */
const FILE_NAME = 'farandole.json';
/** A browser takes a file that it is handed within this time. */
const FILE_KEPT_MS = 60_000;

/** By the cookie, with a session ticket of the moment; by a code, without the cookie: it is of somebody else. */
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
  // The page trusts the shapes of the server that served it, as it does elsewhere.
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
