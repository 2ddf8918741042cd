#include <gtest/gtest.h>

#include "websub/websub.hpp"

namespace dprkwatch::websub {
namespace {

using Hubs = std::vector<std::string>;

TEST(Links, HeadersCountBeforeTheDocument) {
  const http::Headers headers{{"Link", "<https://hub/a>; rel=\"hub\""}, {"link", "</feed>; rel=self"}};
  const Links links = discover(headers, "https://wire/x", {"https://other/"}, "https://wire/other");
  EXPECT_EQ(links.hubs, Hubs{"https://hub/a"});
  EXPECT_EQ(links.topic, "https://wire/feed");
}

TEST(Links, TheDocumentCountsWhereHeadersNameNoHub) {
  const http::Headers headers{{"Link", "</style>; rel=stylesheet"}};
  const Links links = discover(headers, "https://wire/x", {"https://hub/"}, "https://wire/feed");
  EXPECT_EQ(links.hubs, Hubs{"https://hub/"});
  EXPECT_EQ(links.topic, "https://wire/feed");
}

TEST(Links, AFeedWithoutSelfIsItsOwnTopic) {
  EXPECT_EQ(discover({}, "https://wire/x", {"https://hub/"}, "").topic, "https://wire/x");
  EXPECT_TRUE(discover({}, "https://wire/x", {}, "").hubs.empty());
}

TEST(Links, ReadsEveryFormOfTheHeader) {
  for (const char* header : {
           "<https://hub/>; rel=hub, <https://wire/feed>; rel=self",
           "<https://hub/>;rel=\"hub\",<https://wire/feed>;rel=\"self\"",
           "<https://hub/> ; title=\"a, b; \\\"rel=self\\\"\" ; REL = HUB , <https://wire/feed>; rel=\"x self\"; "
           "rel=hub",
           ", <https://hub/>; rel=hub;, <https://wire/feed>; rel='x'; , <https://wire/feed>; rel=self; crossorigin",
       }) {
    const Links links = discover({{"Link", header}}, "https://wire/x", {}, "");
    EXPECT_EQ(links.hubs, Hubs{"https://hub/"}) << header;
    EXPECT_EQ(links.topic, "https://wire/feed") << header;
  }
}

TEST(Links, DamagedHeadersGiveNothing) {
  for (const char* header :
       {"", ";", "<", "<>", "<https://hub/", "https://hub/; rel=hub", "<https://hub/>; rel=\"hubs\"",
        "<https://hub/>; rel=\"", "<https://hub/>; rel", "<javascript:x>; rel=hub"}) {
    EXPECT_TRUE(discover({{"Link", header}}, "https://wire/x", {}, "").hubs.empty()) << header;
  }
}

TEST(Links, EveryBeginningOfAHeaderIsRead) {
  const std::string header = " , <https://hub/a>;; rel=\"hub \\\" x\" ; a=\"b,c\"; d, <https://hub/b>; rel = hub;,;<";
  for (std::size_t size = 0; size <= header.size(); ++size) {
    EXPECT_LE(discover({{"Link", header.substr(0, size)}}, "https://wire/x", {}, "").hubs.size(), 2U) << size;
  }
  EXPECT_EQ(discover({{"Link", header}}, "https://wire/x", {}, "").hubs, (Hubs{"https://hub/a", "https://hub/b"}));
}

TEST(Links, FavoursHubsOverTls) {
  const Links links = discover({}, "https://wire/x", {"http://a/", "https://b/", "http://a/", "ftp://c/"}, "");
  EXPECT_EQ(links.hubs, (Hubs{"https://b/", "http://a/"}));
}

TEST(Links, AnAnswerHasAtMost64) {
  std::string header;
  for (int i = 0; i < 1000; ++i) header += "<https://hub/" + std::to_string(i) + ">; rel=hub,";
  EXPECT_EQ(discover({{"Link", header}}, "https://wire/x", {}, "").hubs.size(), 64U);
}

}  // namespace
}  // namespace dprkwatch::websub
