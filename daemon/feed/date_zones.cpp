#include "feed/date_zones.hpp"

#include <unicode/timezone.h>

#include <algorithm>
#include <array>
#include <memory>

namespace dprkwatch::feed {
namespace {

struct Zone {
  std::string_view name;
  int minutes;
};

// RFC 822 §5.1's names first, then those that publishers use. Where one name has several meanings (CST, IST, BST) the
// one of RFC 822 or of the larger press wins.
constexpr std::array kZones = {
    Zone{"z", 0},       Zone{"gmt", 0},    Zone{"utc", 0},    Zone{"ut", 0},     Zone{"est", -300}, Zone{"edt", -240},
    Zone{"cst", -360},  Zone{"cdt", -300}, Zone{"mst", -420}, Zone{"mdt", -360}, Zone{"pst", -480}, Zone{"pdt", -420},
    Zone{"kst", 540},   Zone{"jst", 540},  Zone{"msk", 180},  Zone{"msd", 240},  Zone{"мск", 180},  Zone{"bst", 60},
    Zone{"wet", 0},     Zone{"west", 60},  Zone{"cet", 60},   Zone{"cest", 120}, Zone{"mez", 60},   Zone{"mesz", 120},
    Zone{"eet", 120},   Zone{"eest", 180}, Zone{"ist", 330},  Zone{"pkt", 300},  Zone{"ict", 420},  Zone{"wib", 420},
    Zone{"hkt", 480},   Zone{"sgt", 480},  Zone{"pht", 480},  Zone{"awst", 480}, Zone{"acst", 570}, Zone{"acdt", 630},
    Zone{"aest", 600},  Zone{"aedt", 660}, Zone{"nzst", 720}, Zone{"nzdt", 780}, Zone{"hst", -600}, Zone{"akst", -540},
    Zone{"akdt", -480}, Zone{"ast", -240}, Zone{"adt", -180}, Zone{"nst", -210}, Zone{"ndt", -150}, Zone{"brt", -180},
    Zone{"art", -180},  Zone{"sast", 120}, Zone{"vlat", 600},
};

// The American press says "ET" in summer and winter.
struct Region {
  std::string_view name;
  const char* region;
};
constexpr std::array kRegions = {Region{"et", "America/New_York"}, Region{"ct", "America/Chicago"},
                                 Region{"mt", "America/Denver"}, Region{"pt", "America/Los_Angeles"}};

std::unique_ptr<icu::TimeZone> open_region(const std::string& region) {
  return std::unique_ptr<icu::TimeZone>{icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(region))};
}

}  // namespace

std::optional<int> zone_of(std::string_view word) noexcept {
  const auto* found = std::ranges::find(kZones, word, &Zone::name);
  return found == kZones.end() ? std::nullopt : std::optional{found->minutes};
}

std::string region_of(std::string_view word) {
  if (const auto* found = std::ranges::find(kRegions, word, &Region::name); found != kRegions.end()) {
    return found->region;
  }
  if (word.find('/') == std::string_view::npos) {
    return {};
  }
  std::string region;
  char before = '/';
  for (const char c : word) {
    const bool begins_word = before == '/' || before == '_';
    region += begins_word && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    before = c;
  }
  return *open_region(region) == icu::TimeZone::getUnknown() ? std::string{} : region;
}

int offset_in(const std::string& region, Time local) {
  constexpr int kMillisecondsOfMinute = 60'000;
  std::int32_t raw = 0;
  std::int32_t daylight = 0;
  UErrorCode status = U_ZERO_ERROR;
  open_region(region)->getOffset(static_cast<UDate>(local.time_since_epoch().count()), 1, raw, daylight, status);
  return U_FAILURE(status) != 0 ? 0 : (raw + daylight) / kMillisecondsOfMinute;
}

}  // namespace dprkwatch::feed
