/// What files and `tiddu --version` say.
package let programVersion = "0.1.0"
