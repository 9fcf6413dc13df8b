#include "rules/compile/node_list.h"

#include <stdlib.h>

int node_list_add(struct node_list *list, const struct yaml_node *node) {
    const size_t count = list->count;
    if ((count & (count - 1)) == 0) { /* full at every power of two */
        const struct yaml_node **items = realloc(list->items, (count > 0 ? 2 * count : 1) * sizeof *items);
        if (items == NULL) return -1;
        list->items = items;
    }
    list->items[list->count++] = node;
    return 0;
}

void node_list_reset(struct node_list *list) {
    free(list->items);
    *list = (struct node_list){0};
}
