// Package.swift defines these from the environment that `make build` sets. They are here and not in Swift so that another commit
// compiles this file alone.
#include "CBuildStamp.h"

#define TEXT_OF(token) #token
#define TEXT(macro) TEXT_OF(macro)

const char *pgwal_stamp_version(void) {
#ifdef PGWAL_VERSION
  return TEXT(PGWAL_VERSION);
#else
  return 0;
#endif
}

const char *pgwal_stamp_revision(void) {
#ifdef PGWAL_REVISION
  return TEXT(PGWAL_REVISION);
#else
  return 0;
#endif
}

const char *pgwal_stamp_date(void) {
#ifdef PGWAL_REVISION_DATE
  return TEXT(PGWAL_REVISION_DATE);
#else
  return 0;
#endif
}
