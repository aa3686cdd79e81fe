#ifndef CBUILDSTAMP_H
#define CBUILDSTAMP_H

/// The version that the build was told, for example "0.2.0" or "0.2.0+5.g1a2b3c4"; NULL: it was told none.
const char *pgwal_stamp_version(void);
/// The commit that was built, abbreviated; NULL: not known.
const char *pgwal_stamp_revision(void);
/// When that commit was made, ISO 8601 in UTC; NULL: not known.
const char *pgwal_stamp_date(void);

#endif
