import { loadCommunities } from '@farandole/ui/community-locales';
import type { CommunityModel } from '../../community/community-model.ts';
import { addWords, t } from '../../i18n/words.ts';
import type { AppModel } from '../../state/app-model.ts';
import { type CommunityPart, community } from '../../ui/community.ts';
import {
  CommunityGate,
  CommunityLanding,
  CommunityName,
  CommunityWait,
} from './community-screens.tsx';

export async function loadCommunityPart(
  app: AppModel,
  model: CommunityModel,
): Promise<CommunityPart> {
  await addWords(loadCommunities);
  return {
    model,
    get wishes() {
      const { wish } = model;
      return wish === undefined ? {} : { community: wish };
    },
    get missing() {
      return model.isNew ? 'community' : null;
    },
    accept: () => model.accept(),
    gateWords: () => t(model.isChanged ? 'community.gateChanged' : 'community.gate'),
    leave: () => {
      community.value = null;
      history.replaceState(history.state, '', '/');
      app.navigation.waitFor(null);
    },
    Landing: CommunityLanding,
    Gate: CommunityGate,
    Name: CommunityName,
    Wait: CommunityWait,
  };
}
