#pragma once
// A web server that carries benchmarks: files held in memory, one thread, keep-alive, 304 to every conditional request.

#include <string>

namespace dprkwatch::bench {

// Serves the files of `folder` by their names (what follows a '?' is ignored) on `port` of all of 127.0.0.0/8, and the
// number of answers so far at /count. Prints "http://127.0.0.1:PORT" and runs until it is killed; false when it cannot.
bool serve(const std::string& folder, unsigned short port);

}  // namespace dprkwatch::bench
