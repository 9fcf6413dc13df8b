#pragma once
/* What a field is, by its form in the payload. A map key is a field of its own. */

enum field_type {
    FIELD_STR,
    FIELD_BIN,
    FIELD_EXT,
    FIELD_INT,
    FIELD_FLOAT,
    FIELD_BOOL,
    FIELD_NULL,
    FIELD_MAP,
    FIELD_ARRAY,
    FIELD_KEY,
    FIELD_TYPE_COUNT
};

#define FIELD_BIT(type) (1u << (type))
