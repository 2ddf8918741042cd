// What the page says, in English and Korean.

const KO = {
  "Skip to the alerts": "경보로 건너뛰기", "Language": "언어", "Access token": "접근 토큰", "Use": "사용",
  "an access token is needed": "접근 토큰이 필요합니다",
  "Who threatens whom": "누가 누구를 위협하는가",
  "now-note": "각 측 발언의 수위를 평소 수준과 비교한 것입니다. 쌍을 고르면 그래프가 나옵니다.",
  "plot-keys": "왼쪽·오른쪽 화살표 키로 날짜를 옮깁니다.",
  "The same as a table": "표로 보기", "Alerts": "경보", "Older alerts": "이전 경보", "Silences": "음소거", "Articles": "기사",
  "Words": "단어", "From escalation": "최소 위협 수위", "Older articles": "이전 기사", "Health": "상태", "Feeds": "피드",
  "Plugins": "플러그인", "Receivers": "수신처", "Deliveries": "전송", "Cancel": "취소",
  "footer": "dprkwatch는 말해진 것을 기술할 뿐, 앞으로 일어날 일을 예측하지 않습니다.",
  "calm": "평온", "elevated": "고조", "escalating": "격화", "crisis": "위기",
  "usual": "평소", "answer": "응답", "and the answer": "그리고 응답", "day": "날짜", "state": "상태", "never": "없음",
  "escalation": "위협 수위", "de-escalation": "완화", "articles": "기사",
  "info": "정보", "warning": "주의", "critical": "심각", "resolved": "해소됨", "firing": "진행 중",
  "acknowledged by": "확인:", "Why this alert": "이 경보의 이유", "Why this score": "이 점수의 이유", "Why no alert": "경보가 없는 이유",
  "Acknowledge": "확인", "Acknowledge this alert": "경보 확인", "Silence": "음소거", "Silence alerts like this": "비슷한 경보 음소거",
  "Your name": "이름", "Comment": "설명", "Matchers, one a line": "조건(한 줄에 하나)", "For": "기간",
  "2 hours": "2시간", "1 day": "1일", "1 week": "1주", "End": "끝내기", "until": "까지", "No silences.": "음소거 없음.",
  "raised by": "발생 단계", "would have been let through if": "다음이면 통과",
  "Nothing found.": "결과가 없습니다.", "No alerts yet.": "아직 경보가 없습니다.",
  "feed": "피드", "last success": "최근 성공", "next poll": "다음 수집", "receiver": "수신처", "attempts": "시도", "last attempt": "최근 시도",
  "plugin": "플러그인", "mode": "방식", "calls": "호출", "failures": "실패", "restarts": "재시작", "quarantined": "격리",
  "what": "내용", "well": "정상", "not polled yet": "아직 수집 안 됨", "silent against its own rhythm": "평소 주기와 달리 조용함",
  "blind": "못 본 시간", "about": "약", "entries": "항목", "dead letter": "전송 포기", "delivered": "전송됨", "pending": "대기",
  "up": "작동", "restarting": "재시작 중", "down": "중단", "failing since": "실패 시작", "disabled": "꺼짐",
  "feeds": "피드", "alerts": "경보", "deliveries owed": "대기 중 전송", "dead letters": "전송 포기", "live": "실시간", "not live": "실시간 아님",
 
};

export const language = localStorage.getItem("language") || (navigator.language.startsWith("ko") ? "ko" : "en");

export const t = (text) => (language === "ko" && KO[text]) || text;

export function choose(next) {
  localStorage.setItem("language", next);
  location.reload();
}

export function translate() {
  document.documentElement.lang = language;
  if (language === "en") return;
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
}

const shown = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });

export function when(text) {
  if (!text) return t("never");
  const element = document.createElement("time");
  element.setAttribute("datetime", text);
  element.textContent = shown.format(new Date(text));
  return element;
}
