import { AfterGoodCall } from './after-good-call.tsx';
import { Invite, InvitedNote, MeetLastAgain, PrivateWait } from './private-meeting.tsx';
import { forgetSystem, TellMeOffer, TellMeRow } from './tell-me.tsx';

export { loadMeeting } from '@farandole/ui/meeting-locales';

export const MEETING_PARTS = {
  ...{ AfterGoodCall, Invite, InvitedNote, MeetLastAgain, PrivateWait },
  ...{ forgetSystem, TellMeOffer, TellMeRow },
};
