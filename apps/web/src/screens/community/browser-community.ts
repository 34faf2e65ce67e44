import { isCommunityName } from '@farandole/kernel/id';
import { ok, type Result, refused } from '@farandole/kernel/result';
import {
  COMMUNITY_PAGE_PREFIX,
  COMMUNITY_PATH,
  type CommunityEntry,
  type CommunityReply,
  type CommunityRequest,
} from '@farandole/protocol/http-api';
import { COMMUNITY_CODE_CHARS_MAX } from '@farandole/protocol/limits';
import {
  type CommunityFault,
  CommunityModel,
  type CommunityPorts,
} from '../../community/community-model.ts';
import { post } from '../../signal/browser-signal.ts';
import type { AppModel } from '../../state/app-model.ts';
import { community } from '../../ui/community.ts';
import { loadCommunityPart } from './community-part.ts';

const CODE_START = '#code=';

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
      ...{ name, show, enter, store },
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

async function ask<Reply>(request: CommunityRequest): Promise<Result<Reply, CommunityFault>> {
  const reply = await post<Reply>(COMMUNITY_PATH, request);
  if (reply.ok) return reply;
  return refused(reply.reason === 'crowded' ? 'too-many' : 'unreachable');
}

const show: CommunityPorts['show'] = async (name) => {
  const shown = await ask<CommunityReply>({ do: 'show', name });
  if (!shown.ok) return shown;
  const { community: facts } = shown.value;
  return facts === null ? refused('gone') : ok(facts);
};

const enter: CommunityPorts['enter'] = async (entry) => {
  const entered = await ask<CommunityEntry>({ do: 'enter', ...entry });
  if (!entered.ok) return entered;
  return 'refused' in entered.value ? refused(entered.value.refused) : ok(entered.value);
};
