import { isCommunityName } from '@farandole/kernel/id';
import { ok, refused } from '@farandole/kernel/result';
import {
  COMMUNITY_PAGE_PREFIX,
  COMMUNITY_PATH,
  type CommunityPassReply,
  type CommunityReply,
} from '@farandole/protocol/http-api';
import { COMMUNITY_CODE_CHARS_MAX } from '@farandole/protocol/limits';
import type { AppModel } from '../state/app-model.ts';
import { community } from '../ui/community.ts';
import { CommunityModel, type CommunityPorts } from './community-model.ts';
import { loadCommunityPart } from './community-part.ts';

const CODE_START = '#code=';
const ASK_TIMEOUT_MS = 8_000;

/** Opens the community of the page's address, before the first screen is drawn. */
export async function openCommunity(app: AppModel): Promise<void> {
  const name = location.pathname.slice(COMMUNITY_PAGE_PREFIX.length);
  if (!isCommunityName(name)) return;
  const store = {
    read: (key: string) => localStorage.getItem(key),
    write: (key: string, value: string) => localStorage.setItem(key, value),
    remove: (key: string) => localStorage.removeItem(key),
  };
  const model = new CommunityModel(
    {
      ...{ name, ask, store },
      receipt: () => app.link.client.receipt,
      isOnline: app.link.isOnline,
      wishFault: app.navigation.wishFault,
      wallMs: () => Date.now(),
    },
    takeCode(),
  );
  addEventListener('hashchange', () => {
    const code = takeCode();
    if (code !== null && community.peek()?.model === model) void model.use(code);
  });
  community.value = await loadCommunityPart(app, model);
  void model.show();
}

/** Reads a code from the address, and removes it from the address and from the history. */
function takeCode(): string | null {
  if (!location.hash.startsWith(CODE_START)) return null;
  const code = location.hash.slice(CODE_START.length);
  history.replaceState(history.state, '', location.pathname + location.search);
  return code.length > 0 && code.length <= COMMUNITY_CODE_CHARS_MAX ? code : null;
}

const ask: CommunityPorts['ask'] = async (request) => {
  try {
    const response = await fetch(COMMUNITY_PATH, {
      ...{ method: 'POST', cache: 'no-store', body: JSON.stringify(request) },
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
    });
    if (response.ok) return ok((await response.json()) as CommunityReply & CommunityPassReply);
    return refused(FAULTS.get(response.status) ?? 'unreachable');
  } catch {
    return refused('unreachable');
  }
};

const FAULTS = new Map([
  [404, 'gone'],
  [422, 'wrong-code'],
  [429, 'too-many'],
] as const) as ReadonlyMap<number, 'gone' | 'wrong-code' | 'too-many'>;
