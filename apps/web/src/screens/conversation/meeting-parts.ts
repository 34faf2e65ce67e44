export { loadMeeting } from '@farandole/ui/meeting-locales';
export { AfterGoodCall } from './after-good-call.tsx';
export { Invite, InvitedNote, MeetLastAgain, PrivateWait } from './private-meeting.tsx';
export { forgetSystem, TellMeOffer, TellMeRow } from './tell-me.tsx';
