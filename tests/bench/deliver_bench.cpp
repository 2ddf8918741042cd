// Webhook deliveries out of the durable outbox, against a bare libcurl multi loop that posts the same bytes to the same
// server on loopback: BM_Outbox / BM_BareCurl is the ratio.
#include <benchmark/benchmark.h>
#include <curl/curl.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "deliver/deliver.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace dprkwatch;
using boost::asio::ip::tcp;

constexpr int kDeliveries = 10000;
constexpr int kConcurrency = 64;
constexpr std::size_t kBytes = 2048;
constexpr const char* kSecret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

// Answers every POST with 204 and keeps the connection.
class Server {
 public:
  Server() : acceptor_(loop_, {boost::asio::ip::address_v4::loopback(), 0}) {
    boost::asio::co_spawn(loop_, accept(), boost::asio::detached);
    thread_ = std::thread([this] { loop_.run(); });
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() {
    loop_.stop();
    thread_.join();
  }
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }

 private:
  boost::asio::awaitable<void> accept() {
    for (;;) {
      tcp::socket peer = co_await acceptor_.async_accept(boost::asio::use_awaitable);
      boost::asio::co_spawn(loop_, serve(std::move(peer)), boost::asio::detached);
    }
  }

  static boost::asio::awaitable<void> serve(tcp::socket peer) {
    const std::string answer = "HTTP/1.1 204 No Content\r\n\r\n";
    std::string bytes;
    std::array<char, 16384> block{};
    for (;;) {
      const auto head = bytes.find("\r\n\r\n");
      const auto length = bytes.find("Content-Length: ");
      if (head != std::string::npos && length != std::string::npos) {
        const std::size_t size = head + 4 + std::stoul(bytes.substr(length + 16, 10));
        if (bytes.size() >= size) {
          bytes.erase(0, size);
          const auto out = boost::asio::buffer(answer);
          co_await boost::asio::async_write(peer, out, boost::asio::use_awaitable);
          continue;
        }
      }
      boost::system::error_code error;
      auto token = boost::asio::redirect_error(boost::asio::use_awaitable, error);
      const auto in = boost::asio::buffer(block);
      const std::size_t count = co_await peer.async_read_some(in, token);
      if (error) co_return;
      bytes.append(block.data(), count);
    }
  }

  boost::asio::io_context loop_{1};
  tcp::acceptor acceptor_;
  std::thread thread_;
};

std::size_t drop(char* /*bytes*/, std::size_t size, std::size_t count, void* /*self*/) {
  return size * count;
}

void BM_BareCurl(benchmark::State& state) {
  const Server server;
  const std::string url = "http://" + server.address() + "/hook";
  const std::string body(kBytes, 'x');
  for (auto _ : state) {
    const std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi(curl_multi_init(), &curl_multi_cleanup);
    curl_slist* headers = curl_slist_append(nullptr, "Content-Type: application/json");
    headers = curl_slist_append(headers, "Expect:");
    std::vector<std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>> easy;
    int started = 0;
    int done = 0;
    for (; started < kConcurrency; ++started) {
      CURL* handle = easy.emplace_back(curl_easy_init(), &curl_easy_cleanup).get();
      curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
      curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
      curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body.c_str());
      curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
      curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &drop);
      curl_multi_add_handle(multi.get(), handle);
    }
    while (done < kDeliveries) {
      int running = 0;
      curl_multi_perform(multi.get(), &running);
      int left = 0;
      while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
        CURL* handle = message->easy_handle;
        ++done;
        curl_multi_remove_handle(multi.get(), handle);
        if (started < kDeliveries) {
          ++started;
          curl_multi_add_handle(multi.get(), handle);
        }
      }
      if (done < kDeliveries) curl_multi_poll(multi.get(), nullptr, 0, 1000, nullptr);
    }
    for (const auto& handle : easy) curl_multi_remove_handle(multi.get(), handle.get());
    curl_slist_free_all(headers);
  }
  state.SetItemsProcessed(state.iterations() * kDeliveries);
}

void owe(store::Store& store, Time now) {
  store::Job job = [now](store::Transaction& transaction) -> Result<void> {
    const std::string body = "{\"data\":\"" + std::string(kBytes - 11, 'x') + "\"}";
    for (int i = 0; i < kDeliveries; ++i) {
      store::NewAlert alert;
      alert.id = "al_" + std::to_string(i);
      alert.rule = "rule";
      alert.story = alert.id;
      if (auto done = transaction.insert_alert(alert); !done) return tl::unexpected(done.error());
      const auto sequence = transaction.next_sequence("desk");
      if (!sequence) return tl::unexpected(sequence.error());
      const store::NewDelivery delivery{alert.id, "desk", "msg_" + alert.id, *sequence, body, now};
      if (auto done = transaction.enqueue(delivery); !done) return done;
    }
    return {};
  };
  if (auto done = store.run(job); !done) throw std::runtime_error(describe(done.error()));
}

void BM_Outbox(benchmark::State& state) {
  const Server server;
  const SystemClock clock;
  const auto log = log::to_nowhere();
  for (auto _ : state) {
    state.PauseTiming();
    const support::TemporaryFolder folder;
    auto store = std::move(*store::Store::open("sqlite:" + folder.file("s.db")));
    owe(*store, clock.now());
    boost::asio::io_context loop(1);
    http::ClientOptions options;
    options.guard = std::move(*http::AddressGuard::from({server.address()}));
    options.max_per_host = 0;
    options.max_total = 0;
    http::Client client(loop, options);
    config::Receiver receiver;
    receiver.name = "desk";
    receiver.url = "http://" + server.address() + "/hook";
    receiver.secret = kSecret;
    receiver.concurrency = kConcurrency;
    deliver::Courier courier({loop, *store, client, clock, *log}, receiver);
    boost::asio::co_spawn(loop, courier.run(), boost::asio::detached);
    state.ResumeTiming();
    store::Counts counts;
    counts.owed = kDeliveries;
    while (counts.owed > 0) {
      loop.run_for(std::chrono::milliseconds(20));
      (void)store->run([&](store::Transaction& transaction) -> Result<void> {
        counts = transaction.counts().value();
        return {};
      });
    }
    state.PauseTiming();
    courier.stop();
    loop.restart();
    loop.run();
    store.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * kDeliveries);
}

BENCHMARK(BM_BareCurl)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(BM_Outbox)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
