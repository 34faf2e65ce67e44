import { houseTexts } from '@farandole/protocol/http-api';
import type { ReadonlySignal } from '@preact/signals';
import type { Outgoing } from '../signal/frame-stream.ts';
import type { ServerView } from '../signal/link-view.ts';
import { community } from '../ui/community.ts';
import { FIRST_POLICY_VERSION, type PreferencesModel } from './preferences-model.ts';
import type { RulesView } from './screen.ts';

export interface RulesAgreementPorts {
  readonly preferences: PreferencesModel;
  readonly server: ReadonlySignal<ServerView | null>;
  readonly send: (message: Outgoing) => boolean;
}

/** Which rules the user accepted, and what the page tells the server about the user's age. */
export class RulesAgreement {
  readonly #ports: RulesAgreementPorts;

  constructor(ports: RulesAgreementPorts) {
    this.#ports = ports;
  }

  /** Why the user must read the rules before a search; `null` if the accepted ones are current. */
  get missing(): RulesView['why'] | null {
    const { rulesVersion, houseVersion } = this.#ports.preferences.value.value;
    if (rulesVersion === 0) return 'first-time';
    const policyVersion = this.#ports.server.value?.policyVersion ?? rulesVersion;
    const isHouseNew = this.#houseVersion(houseVersion) !== houseVersion;
    const isChanged = rulesVersion !== policyVersion || isHouseNew;
    return isChanged ? 'changed' : (community.value?.missing ?? null);
  }

  accept(): void {
    const { preferences, server } = this.#ports;
    const { houseVersion, houseText } = preferences.value.value;
    const house = server.value?.houseRules ?? null;
    preferences.set({
      rulesVersion: this.#policyVersion,
      houseVersion: this.#houseVersion(houseVersion),
      houseText: house === null ? houseText : houseTexts(house),
    });
    community.value?.accept();
    this.#declare('adult');
  }

  /** Tells a new session that the user is an adult, if the user accepted its current rules. */
  declareAgain(): void {
    if (this.#ports.preferences.value.value.rulesVersion === this.#policyVersion) {
      this.#declare('adult');
    }
  }

  declareMinor(): void {
    this.#declare('minor');
  }

  #declare(answer: 'adult' | 'minor'): void {
    this.#ports.send({ type: 'age.declare', answer, policyVersion: this.#policyVersion });
  }

  get #policyVersion(): number {
    return this.#ports.server.value?.policyVersion ?? FIRST_POLICY_VERSION;
  }

  /** Returns the version of the server's house rules, or `agreedTo` if the server has none. */
  #houseVersion(agreedTo: number): number {
    return this.#ports.server.value?.houseRules?.version ?? agreedTo;
  }
}
