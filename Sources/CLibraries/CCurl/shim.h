#include <curl/curl.h>

// libcurl sets options and answers questions through functions with `...`, which Swift cannot call (and which curl's
// own macros of the same names check): one wrapper for each type of argument that is used.

static inline CURLcode curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode curl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode curl_set_text(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

/// `receive` gets each piece of the body, with `context` as its last argument.
static inline CURLcode curl_set_receiver(CURL *handle, curl_write_callback receive, void *context) {
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
  return curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, receive);
}

static inline CURLcode curl_get_long(CURL *handle, CURLINFO question, long *answer) {
  return curl_easy_getinfo(handle, question, answer);
}

static inline CURLcode curl_get_size(CURL *handle, CURLINFO question, curl_off_t *answer) {
  return curl_easy_getinfo(handle, question, answer);
}
