#include "service/discovery.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <set>
#include <utility>

#include "article/article.hpp"
#include "article/links.hpp"
#include "article/url.hpp"
#include "feed/feed.hpp"
#include "http/client.hpp"
#include "service/client_options.hpp"

namespace dprkwatch::service {
namespace {

using article::FeedLink;
using article::LinkHint;
using boost::asio::awaitable;

constexpr std::size_t kMostRequests = 32;
constexpr std::size_t kMostNamed = 12;  // ordinary links tried, of one page

// Where publishing software puts its feeds.
constexpr std::array kUsualPaths = std::to_array<const char*>(
    {"/feed", "/rss", "/atom.xml", "/index.xml", "/feed.json", "/rss.xml", "/sitemap_news.xml"});

struct Candidate {
  std::string url;
  const char* found_by;
  bool may_be_index;  // a page that lists feeds is looked through
};

std::string plain(const feed::Text& text) {
  return text.is_html ? article::html_to_text(text.value) : article::clean_text(text.value);
}

FoundFeed describe_feed(const feed::Feed& feed, std::string url, const char* found_by) {
  FoundFeed found{std::move(url),      feed.format, plain(feed.title),    feed.language,
                  feed.entries.size(), {},          feed.warnings.size(), found_by};
  for (const feed::Entry& entry : feed.entries) {
    const auto time = entry.published ? entry.published : entry.modified;
    if (time && (!found.newest || *time > *found.newest)) found.newest = time;
  }
  return found;
}

std::vector<Candidate> declared_by(const http::Response& page) {
  std::vector<Candidate> found;
  for (const auto& [name, value] : page.headers) {
    if (http::header({{name, value}}, "link").empty()) continue;
    for (FeedLink& link : article::read_link_header(value, page.url)) {
      found.push_back({std::move(link.url), "header", false});
    }
  }
  for (FeedLink& link : article::find_feed_links(page.body, page.url)) {
    if (link.hint != LinkHint::kNamed) found.push_back({std::move(link.url), "link", false});
  }
  return found;
}

std::vector<Candidate> named_by(const http::Response& page, bool may_be_index) {
  std::vector<Candidate> found;
  for (FeedLink& link : article::find_feed_links(page.body, page.url)) {
    if (link.hint != LinkHint::kNamed || found.size() >= kMostNamed) continue;
    found.push_back({std::move(link.url), "anchor", may_be_index});
  }
  return found;
}

std::vector<Candidate> usual_places(const std::string& url) {
  std::vector<Candidate> found;
  for (const char* path : kUsualPaths) {
    found.push_back({article::resolve_link(path, url, article::LinkUse::kImage), "path", true});
  }
  return found;
}

class Finder {
 public:
  Finder(const config::Config& config, const std::string& version, http::AddressGuard guard)
      : limits_(config.fetch), client_(loop_, client_options(config, version, std::move(guard))) {}

  Result<Discovery> run(std::string url) {
    boost::asio::co_spawn(loop_, look(std::move(url)), boost::asio::detached);
    loop_.run();
    if (refused_) return tl::unexpected(std::move(*refused_));
    return std::move(found_);
  }

 private:
  awaitable<void> look(std::string url) {
    found_.url = url;
    asked_.insert(url);
    http::Request request = request_of(url);
    Result<http::Response> page = co_await client_.send(std::move(request));
    if (!page) {
      refused_ = std::move(page.error());
      co_return;
    }
    found_.url = page->url;
    if (page->status == 200) {
      if (take(*page, "address")) co_return;
      co_await try_all(declared_by(*page));
      if (found_.feeds.empty()) co_await try_all(named_by(*page, true));
    } else {
      found_.misses.push_back({page->url, "HTTP status " + std::to_string(page->status)});
    }
    if (found_.feeds.empty()) co_await try_all(usual_places(page->url));
  }

  // Each candidate in turn. The feeds of pages that only list feeds (".../rss" of many newspapers) come after them.
  awaitable<void> try_all(std::vector<Candidate> candidates) {
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const Candidate candidate = candidates[i];
      if (candidate.url.empty() || asked_.size() >= kMostRequests || !asked_.insert(candidate.url).second) continue;
      http::Request request = request_of(candidate.url);
      Result<http::Response> answer = co_await client_.send(std::move(request));
      if (!answer) {
        found_.misses.push_back({candidate.url, answer.error().message});
      } else if (answer->status != 200) {
        found_.misses.push_back({candidate.url, "HTTP status " + std::to_string(answer->status)});
      } else if (!take(*answer, candidate.found_by) && candidate.may_be_index) {
        for (Candidate& link : declared_by(*answer)) candidates.push_back(std::move(link));
        for (Candidate& link : named_by(*answer, false)) candidates.push_back(std::move(link));
      }
    }
  }

  // Whether the answer is a feed. One known already, under this address or another, is not shown twice.
  bool take(const http::Response& answer, const char* found_by) {
    const auto feed =
        feed::parse(answer.body, {answer.url, std::string(http::header(answer.headers, "content-type")), {}});
    if (!feed) {
      found_.misses.push_back({answer.url, feed.error().message});
      return false;
    }
    if (bodies_.insert(answer.body).second && urls_.insert(answer.url).second) {
      found_.feeds.push_back(describe_feed(*feed, answer.url, found_by));
    }
    return true;
  }

  [[nodiscard]] http::Request request_of(std::string url) const {
    http::Request request;
    request.proxy = limits_.proxy;
    request.url = std::move(url);
    request.max_bytes = limits_.max_bytes;
    request.connect_timeout = limits_.connect_timeout;
    request.timeout = limits_.timeout;
    request.max_redirects = limits_.max_redirects;
    request.headers.emplace_back("Accept",
                                 "text/html, application/xhtml+xml, application/atom+xml, application/rss+xml, "
                                 "application/feed+json, application/xml;q=0.9, */*;q=0.5");
    return request;
  }

  config::Fetch limits_;
  boost::asio::io_context loop_{1};
  http::Client client_;
  Discovery found_;
  std::optional<Error> refused_;
  std::set<std::string> asked_;
  std::set<std::string> urls_;    // of the feeds found
  std::set<std::string> bodies_;  // the same, so that /feed and /rss are one
};

}  // namespace

Result<Discovery> discover_feeds(std::string url, const config::Config& config, const std::string& version) {
  auto guard = http::AddressGuard::from(config.network.allow);
  if (!guard) return tl::unexpected(std::move(guard.error()));
  if (url.find("://") == std::string::npos) url.insert(0, "https://");
  Finder finder(config, version, std::move(*guard));
  return finder.run(std::move(url));
}

}  // namespace dprkwatch::service
