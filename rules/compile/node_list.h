#pragma once
/* Nodes of a tree, collected; the tree owns them. All zeros is an empty list. */

#include <stddef.h>

struct yaml_node;

struct node_list {
    const struct yaml_node **items;
    size_t count;
};

/* 0, or -1 when out of memory; the list is then as before. */
int node_list_add(struct node_list *list, const struct yaml_node *node);

void node_list_reset(struct node_list *list);
