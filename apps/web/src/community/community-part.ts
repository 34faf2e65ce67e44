import { loadCommunities } from '@farandole/ui/community-locales';
import type { ComponentChildren, ComponentType } from 'preact';
import type { Wishes } from '../call/call-state.ts';
import { addWords, t } from '../i18n/words.ts';
import type { AppModel } from '../state/app-model.ts';
import { community } from '../ui/community.ts';
import type { CommunityModel } from './community-model.ts';
import {
  CommunityGate,
  CommunityLanding,
  CommunityName,
  CommunityWait,
} from './community-screens.tsx';

/** What a community adds to the page. The first screen knows only this type. */
export interface CommunityPart {
  readonly model: CommunityModel;
  /** Fields that the community adds to a search. */
  readonly wishes: Partial<Pick<Wishes, 'community'>>;
  /** Why the user must read rules before a search; null if the user agreed to them. */
  readonly missing: 'community' | null;
  accept(): void;
  /** Returns why the gate is shown. */
  gateWords(): string;
  /** Leaves the community. A running search goes on in the open pool. */
  leave(): void;
  /** The head of the landing. Its children start a search. */
  readonly Landing: ComponentType<{ readonly children: ComponentChildren }>;
  readonly Gate: ComponentType;
  readonly Name: ComponentType;
  readonly Wait: ComponentType;
}

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
