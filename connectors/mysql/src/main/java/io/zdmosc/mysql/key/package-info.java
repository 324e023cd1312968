/** Key values as text: what the change stream, the copy and the flush have in common. */
package io.zdmosc.mysql.key;
