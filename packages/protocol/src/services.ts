/** Names of services in which people have an account, as parts of a pattern. */
export const LATIN_SERVICE =
  'insta(?: ?gram)?|ig|snap(?: ?chat)?|snp|disc(?:ord)?|telegram|tele|tg|gmail|proton(?:mail)?|outlook|tik ?tok|kik|skype|twitter|facebook|face|fb|messenger|vk|threads|bluesky|wechat|whats(?:app)?|signal|steam|psn|xbox|roblox|twitch|onlyfans|pinterest|reddit|tumblr|viber|zalo|threema|imo|line id|epic games|riot id|battle ?net|be ?real|linkedin|github|mastodon|strava|soundcloud|letterboxd|kakao(?:talk)?|locket|duolingo|last ?fm';
export const ARABIC_SERVICE =
  'انستا|انستغرام|انستقرام|انستجرام|سناب ?(?:شات)?ي?|سنابي|تيليجرام|تليجرام|تلجرام|تيليغرام|تلغرام|ديسكورد|تيك ?توك|فيسبوك|الفيس|واتس ?(?:اب)?|كيك|سيجنال|سيغنال|تلقرام|تيلجرام|بلايستيشن|روبلوكس|يوتيوب|جيميل|هوتميل|لينكد ?[اإ]ن|سكايب|تويتر|ستيم|ايمو|ثريما';
