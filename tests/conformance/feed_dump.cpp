// feed_dump FILE [BASE_URL [CONTENT_TYPE]]: what the corpus compares, for a document at hand.

#include <boost/json.hpp>
#include <iostream>

#include "feed_json.hpp"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: feed_dump FILE [BASE_URL [CONTENT_TYPE]]\n";
    return 2;
  }
  dprkwatch::feed::ParseOptions options;
  options.base_url = argc > 2 ? argv[2] : "";
  options.content_type = argc > 3 ? argv[3] : "";
  const auto feed = dprkwatch::feed::parse(dprkwatch::conformance::read_file(argv[1]), options);
  if (!feed) {
    std::cerr << describe(feed.error()) << "\n";
    return 1;
  }
  std::cout << dprkwatch::conformance::to_json(*feed) << "\n";
  for (const auto& warning : feed->warnings) {
    std::cerr << warning.line << ": " << warning.code << ": " << warning.message << "\n";
  }
  return 0;
}
