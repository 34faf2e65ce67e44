import { ok, type Result, refused } from '@farandole/kernel/result';
import {
  OWN_DATA_PATH,
  type OwnDataAct,
  type OwnDataCodeReply,
  type OwnDataErasedReply,
  type OwnDataRequest,
} from '@farandole/protocol/http-api';
import type { AskOwnData, OwnDataAnswer } from '../report/own-data.ts';
import { dropSubscription } from '../system/browser-system.ts';
import { browserApi, post } from './browser-signal.ts';
import type { ApiFault } from './ports.ts';

const FILE_NAME = 'farandole.json';
/**
 * After this delay in ms the browser has started the download, so the file's URL can be
 * released.
 */
const FILE_KEPT_MS = 60_000;

/** A request with a recovery code sends no cookie, because the code may belong to another user. */
export const askOwnData: AskOwnData = async (act, code) => {
  if (code !== null) return await send(act, { do: act, code }, 'omit');
  const given = await newTicket();
  if (!given.ok) return given;
  const answer = await send(act, { do: act, ticket: given.value }, 'same-origin');
  // The server has erased the browser's address for notifications too.
  if (act === 'erase' && answer.ok) await dropSubscription();
  return answer;
};

/** Requests a session ticket, and proves work if the server asks for it. */
async function newTicket(): Promise<Result<string, ApiFault>> {
  let answer = await browserApi.sessionTicket({});
  if (answer.ok && 'challenge' in answer.value) {
    const { prover } = await import('./proof/browser-prover.ts');
    const proof = await prover.prove(answer.value, () => {});
    if (proof === null) return refused('refused');
    answer = await browserApi.sessionTicket({ proof });
  }
  if (!answer.ok) return answer;
  return 'ticket' in answer.value ? ok(answer.value.ticket) : refused('unreachable');
}

async function send(
  act: OwnDataAct,
  request: OwnDataRequest,
  credentials: RequestCredentials,
): Promise<Result<OwnDataAnswer, ApiFault>> {
  const answered = await post<object>(OWN_DATA_PATH, request, credentials);
  if (!answered.ok) return answered;
  // The page doesn't validate the server's reply, because it trusts its own server.
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
