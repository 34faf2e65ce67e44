import type { HouseRules } from '@farandole/protocol/http-api';

/** What a house may ask beside the five rules. */
export const HOUSE_RULES: HouseRules = {
  version: 2,
  en: 'We meet to speak about films.\nEnglish or French, as both of you like.\nNo spoilers of what came out this month!',
  fr: 'On se retrouve pour parler de films.\nEn français ou en anglais, comme il vous plaît à tous deux.\nOn ne dévoile pas ce qui est sorti ce mois-ci !',
};
