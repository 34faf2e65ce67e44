import type { OwnWarning } from '@farandole/protocol/http-api';
import type { KeptCall } from '../call/call-state.ts';
import type { CallView, EndedView, SearchView } from '../call/call-view.ts';
import type { ConnectionCheckState } from '../call/connection-check.ts';
import type { FirstPictureView } from '../call/first-picture-steps.ts';
import type { ChatView } from '../chat/chat-view.ts';
import type { DeviceListsView, DeviceNews, SpeakerTest } from '../devices/device-choice.ts';
import type { DevicesView } from '../devices/devices-view.ts';
import type { BrowserFacts } from '../help/which-browser.ts';
import type { OwnDataView } from '../report/own-data.ts';
import type {
  OwnBlockView,
  OwnDecisionView,
  OwnMeetingView,
  OwnReportView,
  ReportView,
} from '../report/reporting-view.ts';
import type { KeptClassifier } from '../shield/classifier-keeper.ts';
import type { OwnCheckReport } from '../shield/own-check.ts';
import type { LinkView, ServerView } from '../signal/link-view.ts';
import type { StandingView } from '../signal/standing-model.ts';
import type { RulesView } from '../state/navigation.ts';
import type { Preferences } from '../state/preferences-model.ts';
import type { FaultView } from '../state/screen.ts';
import type { ScreenName } from '../ui/screen-name.ts';
import type { SitePage } from '../ui/site-page.ts';
import type { Drawing } from './drawings.tsx';

/** Everything that the model shows at one moment, without its streams. */
export interface SceneState {
  readonly draws: Drawing;
  readonly screen: ScreenName;
  /** The page of text that lies over it. */
  readonly page: SitePage | null;
  readonly link: LinkView;
  readonly online: number | null;
  readonly server: ServerView;
  readonly videoSupported: boolean;
  readonly storageBlocked: boolean;
  readonly preferences: Preferences;
  readonly rules: RulesView | null;
  readonly devices: DevicesView;
  readonly deviceLists: DeviceListsView;
  readonly deviceNews: DeviceNews | null;
  /** What the microphone was measured to hear, and when: loudness and time. */
  readonly heard: readonly (readonly [number, number])[];
  /** Somebody speaks into their muted microphone. */
  readonly speaksMuted: boolean;
  readonly speakerTest: SpeakerTest;
  readonly connectionCheck: ConnectionCheckState;
  readonly browser: BrowserFacts;
  readonly shieldLoad: KeptClassifier;
  readonly ownCheck: OwnCheckReport;
  readonly search: SearchView | null;
  readonly rejoin: KeptCall | null;
  readonly call: CallView | null;
  readonly firstPicture: FirstPictureView | null;
  readonly textOnly: boolean;
  readonly ended: EndedView | null;
  readonly fault: FaultView | null;
  readonly standing: StandingView | null;
  readonly chat: ChatView | null;
  readonly report: ReportView | null;
  readonly reports: readonly OwnReportView[];
  readonly warning: OwnWarning | null;
  readonly meetings: readonly OwnMeetingView[];
  readonly blocks: readonly OwnBlockView[];
  readonly settingsOpen: boolean;
  /** None where it is left out. */
  readonly decisions?: readonly OwnDecisionView[];
  /** At rest where it is left out. */
  readonly ownData?: OwnDataView;
}
