#pragma once
/* Values as a configuration writes them: readers for the tables of rules/compile/schema.h. A member whose value is
   faulty stays as it was. */

#include "rules/compile/schema.h"

/* A text, as `const char *` into the tree. */
void config_read_text(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                      void *member);

/* A name, as `const char *` into the tree: 1 to 64 letters, digits and `._-` that begin with a letter or digit, because
   it shows up in records and labels. */
void config_read_name(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                      void *member);

/* A whole number, as `size_t`. */
void config_read_count(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                       void *member);

/* A size in bytes, KiB, MiB or GiB, as `size_t`. */
void config_read_bytes(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                       void *member);

/* One value of an enum; a table of them ends with a NULL name. */
struct config_choice {
    const char *name;
    int value;
};

/* A choice, as an enum: for readers that know the choices. */
void config_read_choice(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                        const struct config_choice *choices, void *member);
