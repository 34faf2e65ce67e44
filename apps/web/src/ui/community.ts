import { signal } from '@preact/signals';
import type { ComponentChildren, ComponentType } from 'preact';
import type { Wishes } from '../call/call-state.ts';
import type { CommunityModel } from '../community/community-model.ts';

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

/** The community whose page is open, with its parts of the screens. Null in the open pool. */
export const community = signal<CommunityPart | null>(null);
