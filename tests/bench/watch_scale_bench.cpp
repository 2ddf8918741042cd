// Scheduling at 1,000, 10,000 and 100,000 feeds; and the parts of watch_scale_bench.py that must be fast.
//   build/release/bin/bench_watch_scale                             the cost of one feed's turn, with Google Benchmark
//   build/release/bin/bench_watch_scale serve FOLDER                a web server
//   build/release/bin/bench_watch_scale bare SECONDS AT_ONCE URL...  polls of a bare libcurl multi loop, a second

#include <benchmark/benchmark.h>
#include <curl/curl.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scale/server.hpp"
#include "watch/host_queue.hpp"
#include "watch/watch.hpp"

namespace dprkwatch::bench {
namespace {

using store::FeedId;
constexpr Time kNow{std::chrono::hours(24 * 365 * 50)};

// One feed is due, asks its host (16 feeds each), and is put back: what a poll costs in watch.
void turn(benchmark::State& state) {
  const auto feeds = state.range(0);
  watch::Schedule schedule(0.1, 1);
  watch::HostQueue hosts(watch::HostLimits{});
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < feeds; ++i) {
    schedule.add(FeedId{i}, std::chrono::minutes(15), kNow - std::chrono::milliseconds(i), kNow);
    if (i % 16 == 0) names.push_back("host" + std::to_string(i) + ".example");
  }
  for (auto _ : state) {
    const Time now = *schedule.next_due();
    const FeedId feed = *schedule.take_due(now);
    const std::string& host = names[static_cast<std::size_t>(feed) / 16];
    benchmark::DoNotOptimize(hosts.ask(host, feed, now));
    schedule.done(feed, watch::Plan{now + std::chrono::minutes(15), std::chrono::minutes(15), watch::Why::kInterval},
                  now);
    benchmark::DoNotOptimize(hosts.done(host, feed, watch::HostOutcome::kWell, now));
  }
}
BENCHMARK(turn)->Name("next_due")->Arg(1000)->Arg(10000)->Arg(100000);

std::size_t drop(char* /*bytes*/, std::size_t size, std::size_t count, void* /*self*/) {
  return size * count;
}

// The simplest loop over libcurl's multi interface: handles and connections are reused, answers thrown away.
double bare(std::chrono::duration<double> time, std::size_t at_once, const std::vector<std::string>& urls) {
  const std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi(curl_multi_init(), &curl_multi_cleanup);
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(
      curl_slist_append(nullptr, "If-None-Match: \"1\""), &curl_slist_free_all);
  std::vector<std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>> handles;
  std::size_t next = 0;
  const auto start = [&](CURL* easy) {
    curl_easy_setopt(easy, CURLOPT_URL, urls[next++ % urls.size()].c_str());
    curl_multi_add_handle(multi.get(), easy);
  };
  for (std::size_t i = 0; i < at_once; ++i) {
    CURL* easy = handles.emplace_back(curl_easy_init(), &curl_easy_cleanup).get();
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &drop);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
    start(easy);
  }
  const auto begin = std::chrono::steady_clock::now();
  const auto passed = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin); };
  std::size_t done = 0;
  while (passed() < time) {
    int running = 0;
    curl_multi_perform(multi.get(), &running);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
      CURL* easy = message->easy_handle;
      if (message->data.result == CURLE_OK) ++done;
      curl_multi_remove_handle(multi.get(), easy);
      start(easy);
    }
    curl_multi_poll(multi.get(), nullptr, 0, 100, nullptr);
  }
  const double rate = static_cast<double>(done) / passed().count();
  for (const auto& easy : handles) curl_multi_remove_handle(multi.get(), easy.get());
  return rate;
}

}  // namespace
}  // namespace dprkwatch::bench

int main(int count, char** values) {
  const std::vector<std::string> arguments(values + 1, values + count);
  if (arguments.size() == 2 && arguments[0] == "serve") return dprkwatch::bench::serve(arguments[1], 0) ? 0 : 1;
  if (arguments.size() > 3 && arguments[0] == "bare") {
    std::cout << dprkwatch::bench::bare(std::chrono::duration<double>(std::stod(arguments[1])),
                                        std::stoul(arguments[2]), {arguments.begin() + 3, arguments.end()})
              << "\n";
    return 0;
  }
  benchmark::Initialize(&count, values);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
