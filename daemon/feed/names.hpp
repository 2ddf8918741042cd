#pragma once
// Element names as numbers, so that readers switch on them instead of comparing strings.

#include <cstdint>
#include <string_view>

namespace dprkwatch::feed {

// The vocabularies that feeds are written in.
enum class Space : std::uint8_t {
  kNone,  // no namespace, or one that nobody has heard of as the default
  kRss,   // RSS 0.90, 1.0 and the unofficial URIs of 2.0
  kRdf,
  kAtom,
  kAtom03,
  kContent,
  kDc,
  kDcterms,
  kMedia,
  kItunes,
  kSy,
  kXhtml,
  kFeedburner,
  kGeorss,
  kSlash,
  kThr,
  kSitemap,
  kNews,
  kImage,
  kXml,
  kOther,
};

// Local names that some reader acts on, in lower case: feeds write pubDate, pubdate and PubDate.
enum class Tag : std::uint8_t {
  kUnknown,
  kAbstract,
  kAuthor,
  kAvailable,
  kBody,
  kCategory,
  kChannel,
  kContent,
  kContributor,
  kCreated,
  kCreator,
  kDate,
  kDay,
  kDescription,
  kDiv,
  kEmail,
  kEnclosure,
  kEncoded,
  kEntry,
  kFeed,
  kGroup,
  kGuid,
  kHomepage,
  kHour,
  kHref,
  kHtml,
  kIcon,
  kId,
  kIdentifier,
  kImage,
  kIssued,
  kItem,
  kItems,
  kKeywords,
  kLanguage,
  kLastBuildDate,
  kLastmod,
  kLink,
  kLoc,
  kLogo,
  kManagingEditor,
  kModified,
  kName,
  kNews,
  kOpml,
  kOrigLink,
  kOwner,
  kPubDate,
  kPublication,
  kPublicationDate,
  kPublished,
  kPublisher,
  kRdf,
  kRss,
  kSitemap,
  kSitemapindex,
  kSkipDays,
  kSkipHours,
  kSource,
  kSubject,
  kSubtitle,
  kSummary,
  kTagline,
  kThumbnail,
  kTitle,
  kTtl,
  kUpdateFrequency,
  kUpdatePeriod,
  kUpdated,
  kUri,
  kUrl,
  kUrlset,
  kWebMaster,
};

// The number of a local name, whatever its case.
[[nodiscard]] Tag tag_of(std::string_view local) noexcept;

// The vocabulary of a namespace URI. Feeds add blanks, change case, leave the last slash out.
[[nodiscard]] Space space_of_uri(std::string_view uri) noexcept;

// What a prefix means by custom, for documents that forgot to declare it; kOther when it means nothing.
[[nodiscard]] Space space_of_prefix(std::string_view prefix) noexcept;

// Equal but for the case of ASCII letters.
[[nodiscard]] bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept;

// Without the blanks of XML at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

}  // namespace dprkwatch::feed
